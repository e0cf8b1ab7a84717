using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;

namespace CheckoutFunctions.Payments;

/// <summary>
/// The payments that we gave an id before Braintree knew of them, and what we sent about each. It is the gate: an authorization is written down before it
/// is sent, and none is sent once its payment was closed.
/// </summary>
internal sealed class BraintreeBook(ShopDatabase database, TimeProvider clock)
{
    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public Task Add(string paymentId, CreatePayment request, bool isSingleUse, CancellationToken cancellation) => Write(
        """
        INSERT INTO braintree_payments (payment_id, checkout_id, amount, currency, token, single_use, created_at)
        VALUES (@paymentId, @CheckoutId, @Amount, @Currency, @Token, @singleUse, @Now) ON CONFLICT (payment_id) DO NOTHING
        """,
        new { paymentId, request.CheckoutId, request.Amount.Amount, request.Amount.Currency, request.Token, singleUse = isSingleUse ? 1 : 0, Now },
        cancellation);

    public Task<BookedPayment?> Find(string paymentId, CancellationToken cancellation) => database.Read(
        connection => connection.QuerySingleOrDefaultAsync<BookedPayment>(
            """
            SELECT checkout_id AS CheckoutId, amount AS Amount, currency AS Currency, token AS Token, single_use AS SingleUse, attempts AS Attempts,
                   unknown_since AS UnknownSince, transaction_id AS TransactionId, refused AS Refused, closed_at AS ClosedAt
            FROM braintree_payments WHERE payment_id = @paymentId
            """,
            new { paymentId }),
        cancellation);

    /// <summary>Which transaction is which payment's, as far as both are known.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TransactionsOf(IEnumerable<string> paymentIds, CancellationToken cancellation)
    {
        var rows = await database.Read(
            connection => connection.QueryAsync<(string PaymentId, string TransactionId)>(
                $"SELECT payment_id, transaction_id FROM braintree_payments WHERE transaction_id IS NOT NULL AND payment_id {connection.In("ids")}", new { ids = paymentIds.ToArray() }),
            cancellation);
        return rows.ToDictionary(row => row.PaymentId, row => row.TransactionId, StringComparer.Ordinal);
    }

    /// <summary>An authorization is about to be sent. False: somebody else was faster, to send one or to close the payment.</summary>
    public async Task<bool> Begin(string paymentId, BookedPayment seen, CancellationToken cancellation) => await Write(
        """
        UPDATE braintree_payments SET attempts = attempts + 1, unknown_since = @Now
        WHERE payment_id = @paymentId AND attempts = @Attempts AND closed_at IS NULL AND transaction_id IS NULL AND refused IS NULL AND token IS NOT NULL
        """,
        new { paymentId, seen.Attempts, Now },
        cancellation) == 1;

    /// <summary>What was sent after that look had no effect; one before it may still have.</summary>
    public Task NoEffect(string paymentId, BookedPayment seen, CancellationToken cancellation) => Write(
        "UPDATE braintree_payments SET unknown_since = @UnknownSince WHERE payment_id = @paymentId AND attempts = @Attempts + 1 AND transaction_id IS NULL",
        new { paymentId, seen.Attempts, seen.UnknownSince },
        cancellation);

    public Task Refuse(string paymentId, string code, CancellationToken cancellation) => Write(
        "UPDATE braintree_payments SET refused = @code, unknown_since = NULL, token = NULL WHERE payment_id = @paymentId AND transaction_id IS NULL",
        new { paymentId, code },
        cancellation);

    /// <summary>The payment's transaction is known: from now on it is looked up by its own id.</summary>
    /// <returns>Whether the payment was closed meanwhile.</returns>
    public Task<bool> Know(string paymentId, string transactionId, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(
                "UPDATE braintree_payments SET transaction_id = COALESCE(transaction_id, @transactionId), unknown_since = NULL, token = NULL WHERE payment_id = @paymentId",
                new { paymentId, transactionId },
                transaction);
            return await transaction.Connection!.ExecuteScalarAsync<long?>(
                "SELECT closed_at FROM braintree_payments WHERE payment_id = @paymentId", new { paymentId }, transaction) is not null;
        },
        cancellation);

    public Task Close(string paymentId, CancellationToken cancellation) => Write(
        "UPDATE braintree_payments SET closed_at = COALESCE(closed_at, @Now), token = NULL WHERE payment_id = @paymentId", new { paymentId, Now }, cancellation);

    public Task<BookedRefund?> FindRefund(string key, CancellationToken cancellation) => database.Read(
        connection => connection.QuerySingleOrDefaultAsync<BookedRefund>(
            "SELECT whole AS Whole, given_id AS GivenId FROM braintree_refunds WHERE refund_key = @key", new { key }),
        cancellation);

    /// <summary>A refund is about to be sent. False: one under this key was sent after <paramref name="unless"/>, and its outcome isn't known.</summary>
    public async Task<bool> BeginRefund(RefundPayment request, bool isWhole, DateTimeOffset unless, CancellationToken cancellation) => await Write(
        """
        INSERT INTO braintree_refunds (refund_key, payment_id, whole, unknown_since) VALUES (@Key, @PaymentId, @whole, @Now)
        ON CONFLICT (refund_key) DO UPDATE SET whole = @whole, unknown_since = @Now
        WHERE braintree_refunds.unknown_since IS NULL OR braintree_refunds.unknown_since <= @since
        """,
        new { request.Key, request.PaymentId, whole = isWhole ? 1 : 0, Now, since = unless.ToUnixTimeMilliseconds() },
        cancellation) == 1;

    /// <param name="givenId">Null: it had no effect.</param>
    public Task EndRefund(string key, string? givenId, CancellationToken cancellation) => Write(
        "UPDATE braintree_refunds SET unknown_since = NULL, given_id = COALESCE(@givenId, given_id) WHERE refund_key = @key",
        new { key, givenId },
        cancellation);

    private Task<int> Write(string sql, object values, CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(sql, values, transaction), cancellation);
}

/// <summary>A payment as we know it without asking. Times in milliseconds.</summary>
internal sealed class BookedPayment
{
    public string CheckoutId { get; init; } = "";

    public long Amount { get; init; }

    public string Currency { get; init; } = "";

    /// <summary>Null once it isn't needed any more.</summary>
    public string? Token { get; init; }

    public long SingleUse { get; init; }

    /// <summary>How many authorizations were sent.</summary>
    public long Attempts { get; init; }

    /// <summary>When the last one was sent whose outcome isn't known.</summary>
    public long? UnknownSince { get; init; }

    public string? TransactionId { get; init; }

    /// <summary>Braintree won't authorize it: why.</summary>
    public string? Refused { get; init; }

    public long? ClosedAt { get; init; }

    public bool IsClosed => ClosedAt is not null;

    /// <summary>Something may still come of what was sent.</summary>
    public bool IsAwaited(DateTimeOffset unless) => UnknownSince > unless.ToUnixTimeMilliseconds();

    public Payment Without(string paymentId) => new(
        paymentId,
        IsClosed ? PaymentState.Voided : Refused is null ? PaymentState.Created : PaymentState.Declined,
        Amount,
        Currency,
        CheckoutId,
        DeclineCode: IsClosed ? null : Refused);
}

internal sealed class BookedRefund
{
    public long Whole { get; init; }

    public string? GivenId { get; init; }
}
