using CheckoutFunctions.Addresses;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;

namespace Simulation;

/// <summary>The world's payment provider: it outlives every crash of ours, keeps a ledger, and knows idempotency keys, as Stripe does.</summary>
internal sealed class SimulatedPayments : IPaymentGateway
{
    /// <summary>As Stripe does; and as Stripe's adapter does, what is nearly as old isn't asked for under its key.</summary>
    private static readonly TimeSpan KeysKept = TimeSpan.FromHours(24);

    private static readonly TimeSpan KeysTrusted = TimeSpan.FromHours(23);

    private readonly ManualTimeProvider clock;

    public SimulatedPayments(Random random, ManualTimeProvider clock) => (this.clock, Refunds) = (clock, new(random, clock, Ledger));

    private readonly Dictionary<string, (string Id, DateTimeOffset At)> idsByKey = [];
    private readonly Dictionary<string, string> keysById = [];
    private readonly Dictionary<string, string> tokens = [];
    private readonly Dictionary<string, long> asked = [];
    private readonly Dictionary<string, string> checkouts = [];
    private readonly Dictionary<string, DateTimeOffset> created = [];

    public Dictionary<string, Payment> Ledger { get; } = [];

    /// <summary>Payments that the provider states otherwise than they were asked for, once money was held on them.</summary>
    public HashSet<string> Mismatched { get; } = [];

    public SimulatedRefunds Refunds { get; }

    public string Name => "simulated";

    /// <summary>Called with a payment whenever it has changed.</summary>
    public Action<Payment> Changed { get; set; } = _ => { };

    public Task<PaymentRefund> Refund(RefundPayment request, CancellationToken cancellation) => Task.FromResult(Refunds.Refund(request));

    public IAsyncEnumerable<ListedPayment> List(DateTimeOffset since, CancellationToken cancellation) =>
        Ledger.Values.Select(payment => new ListedPayment(payment, created[payment.Id])).Where(listed => listed.CreatedAt >= since).Reverse().ToAsyncEnumerable();

    public Task<PaymentRefund> FindRefund(FindRefund request, CancellationToken cancellation) => Task.FromResult(Refunds.Find(request));

    public Task<CreatedPayment> Create(CreatePayment request, CancellationToken cancellation)
    {
        if (request.Token == Cards.Unknown)
            return Task.FromResult(new CreatedPayment(CreatePaymentOutcome.InvalidToken, null));
        if (IsOld(request.Since))
            throw new ProviderException(Name, "create", "the request is a day old and is not made any more.");
        string id;
        if (idsByKey.TryGetValue(request.Key, out var known) && clock.GetUtcNow() - known.At < KeysKept)
        {
            id = known.Id;
            // As Stripe does: a key stands for one request.
            if (tokens[id] != request.Token || asked[id] != request.Amount.Amount)
                throw new ProviderException(Name, "create", "the idempotency key was used with other parameters.");
        }
        else
        {
            id = $"pi_{Ledger.Count + 1}";
            idsByKey[request.Key] = (id, clock.GetUtcNow());
            keysById.Add(id, request.Key);
            tokens.Add(id, request.Token);
            asked.Add(id, request.Amount.Amount);
            checkouts.Add(id, request.CheckoutId);
            created.Add(id, clock.GetUtcNow());
            var payment = new Payment(id, PaymentState.Created, request.Amount.Amount, request.Amount.Currency, request.CheckoutId);
            Ledger.Add(id, request.Token switch
            {
                Cards.OtherAmount => payment with { Amount = payment.Amount - 100 },
                Cards.OtherCurrency => payment with { Currency = "EUR" },
                Cards.OtherReference => payment with { Reference = payment.Reference + "-of-another-shop" },
                _ => payment,
            });
        }

        return Task.FromResult(new CreatedPayment(CreatePaymentOutcome.Created, id));
    }

    public Task<Payment> Authorize(AuthorizePayment request, CancellationToken cancellation) => Update(request.PaymentId, payment => payment.State != PaymentState.Created || IsOld(request.Since)
        ? payment
        : tokens[payment.Id] switch
        {
            Cards.Declined => payment with { State = PaymentState.Declined, DeclineCode = "generic_decline" },
            Cards.ThreeDSecure => payment with { State = PaymentState.ActionRequired, Action = new("three_d_secure", "secret", null) },
            _ => Authorized(payment),
        });

    public Task<Payment> Retrieve(string paymentId, CancellationToken cancellation) => Task.FromResult(Ledger[paymentId]);

    public Task<Payment> Capture(CapturePayment request, CancellationToken cancellation) => Update(request.PaymentId, payment =>
        payment.State != PaymentState.Authorized ? payment
        : tokens[payment.Id] == Cards.Lapses ? payment with { State = PaymentState.Voided }
        : payment with { State = PaymentState.Captured, Captured = request.Amount.Amount });

    public Task<Payment> Void(VoidPayment request, CancellationToken cancellation) => Update(request.PaymentId, payment => payment.State switch
    {
        PaymentState.Captured => Refunds.GiveBack(payment, request),
        PaymentState.Refunded => payment,
        _ => payment with { State = PaymentState.Voided },
    });

    /// <summary>The stock's hold that belongs to a payment, by the keys of one attempt.</summary>
    public string HoldOf(Payment payment) => keysById[payment.Id].Replace(":create", ":hold", StringComparison.Ordinal);

    /// <summary>Who asked for it: what the provider states may be another's.</summary>
    public string CheckoutOf(Payment payment) => checkouts[payment.Id];

    /// <summary>How many payments a checkout began.</summary>
    public int AttemptsOf(string checkoutId) => idsByKey.Keys.Count(key => key.Split(':')[0] == checkoutId);

    /// <summary>The buyer answers the bank.</summary>
    public void AnswerThreeDSecure(string checkoutId, bool approve)
    {
        foreach (var payment in Ledger.Values.Where(payment => payment.Reference == checkoutId && payment.State == PaymentState.ActionRequired).ToList())
        {
            Put(payment with
            {
                State = approve ? PaymentState.Authorized : PaymentState.Declined,
                DeclineCode = approve ? null : "authentication_failed",
                Action = null,
            });
        }
    }

    private bool IsOld(DateTimeOffset? since) => clock.GetUtcNow() - since > KeysTrusted;

    private Payment Authorized(Payment payment)
    {
        if (tokens[payment.Id] is Cards.OtherAmount or Cards.OtherCurrency or Cards.OtherReference)
            Mismatched.Add(payment.Id);
        return payment with { State = PaymentState.Authorized };
    }

    private Task<Payment> Update(string id, Func<Payment, Payment> update) => Task.FromResult(Put(update(Ledger[id])));

    private Payment Put(Payment payment)
    {
        if (Ledger[payment.Id] != payment)
            Changed(payment);
        return Ledger[payment.Id] = payment;
    }
}

internal static class Cards
{
    public const string Good = "card_good";
    public const string Declined = "card_declined";
    public const string ThreeDSecure = "card_3ds";
    public const string Unknown = "card_unknown";

    /// <summary>With these the provider holds the money of a payment that differs from the one asked for.</summary>
    public const string OtherAmount = "card_other_amount";
    public const string OtherCurrency = "card_other_currency";
    public const string OtherReference = "card_other_reference";

    /// <summary>Authorized, and gone when it is captured.</summary>
    public const string Lapses = "card_lapses";
}

internal sealed class SimulatedAddresses : IAddressVerifier
{
    public string Name => "simulated";

    public Task<AddressCheck> Verify(Address address, string? previousResponseId, CancellationToken cancellation) =>
        Task.FromResult(new AddressCheck(address.Line1.StartsWith("Nowhere", StringComparison.Ordinal) ? AddressVerdict.Fix : AddressVerdict.Accepted, null, []));
}

internal sealed class SimulatedRates : IRateProvider
{
    /// <summary>What carriers ask for now; it may change between a quote and a payment.</summary>
    public long Ground { get; set; } = 1000;

    public string Name => "simulated";

    public Task<RateQuote> Quote(RateRequest request, CancellationToken cancellation) => Task.FromResult(new RateQuote(
        [new("FedEx_Ground", "FedEx", "Ground", Ground, 3, Name, false), new("UPS_NextDayAir", "UPS", "NextDayAir", 3500, 1, Name, false)], []));
}

internal sealed class SimulatedTaxes : ITaxProvider
{
    public Dictionary<string, TaxDocument> Documents { get; } = [];

    public Dictionary<string, TaxRefund> Refunds { get; } = [];

    public string Name => "simulated";

    public Task<TaxAnswer> Calculate(TaxRequest request, CancellationToken cancellation) =>
        Task.FromResult(new TaxAnswer((request.Lines.Sum(line => line.Net) + request.Shipping) * 8 / 100));

    public Task Record(TaxDocument document, CancellationToken cancellation)
    {
        Documents[document.OrderId] = document;
        return Task.CompletedTask;
    }

    public Task RecordRefund(TaxRefund refund, CancellationToken cancellation)
    {
        if (!Documents.ContainsKey(refund.OrderId))
            throw new ProviderException(Name, "refund", "the order isn't recorded yet.");
        Refunds[refund.RefundId] = refund;
        return Task.CompletedTask;
    }
}
