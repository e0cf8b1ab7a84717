using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;

namespace CheckoutFunctions.Retention;

/// <summary>Who had whose data erased, and when: the customer only as a hash.</summary>
public sealed class ErasureBook(ShopDatabase database, TimeProvider clock)
{
    public static string HashOf(string email) => Secrets.Hash($"erasure:{email.ToLowerInvariant()}");

    /// <summary>Before anything is erased: afterwards nothing else tells whose these orders were.</summary>
    public Task Begin(string erasureId, string emailHash, string? by, IReadOnlyCollection<string> orderIds, CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            "INSERT INTO erasures (erasure_id, email_hash, asked_by, asked_at, order_ids) VALUES (@erasureId, @emailHash, @by, @now, @orders)",
            new { erasureId, emailHash, by, now = clock.GetUtcNow().ToUnixTimeMilliseconds(), orders = Json.Write(orderIds) },
            transaction),
        cancellation);

    public Task End(ErasureReport report, CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            "UPDATE erasures SET report = @json WHERE erasure_id = @ErasureId", new { report.ErasureId, json = Json.Write(report) }, transaction),
        cancellation);

    /// <summary>The orders that earlier erasures of this customer found.</summary>
    public async Task<HashSet<string>> OrdersOf(string emailHash, CancellationToken cancellation) => (await database.Read(
        connection => connection.QueryAsync<string>("SELECT order_ids FROM erasures WHERE email_hash = @emailHash", new { emailHash }), cancellation))
        .SelectMany(Json.Read<List<string>>).ToHashSet(StringComparer.Ordinal);
}

/// <summary>What an erasure found and did. Nothing in it names the customer.</summary>
/// <param name="Checkouts">Sessions that were cleaned; their histories and answers are gone.</param>
/// <param name="Orders">They stay, without the e-mail address; without name and street, too, where that was asked for.</param>
/// <param name="Left">What could not be erased yet, and why. Ask again then.</param>
public sealed record ErasureReport(
    string ErasureId, string EmailHash, int Checkouts, int Orchestrations, int Orders, bool AddressesOfOrders, IReadOnlyList<LeftCheckout> Left)
{
    public bool Complete => Left.Count == 0;
}

public sealed record LeftCheckout(string CheckoutId, string Why);
