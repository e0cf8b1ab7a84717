using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;

namespace Simulation;

/// <summary>Refunds at the world's payment provider: some are pending first, some are refused, some fail after they had succeeded.</summary>
internal sealed class SimulatedRefunds(Random random, ManualTimeProvider clock, Dictionary<string, Payment> ledger)
{
    private readonly Dictionary<string, SimulatedRefund> byKey = [];
    private readonly List<(string PaymentId, DateTimeOffset At)> bounces = [];
    private readonly Dictionary<string, string> keyOf = [];

    public IReadOnlyCollection<SimulatedRefund> All => byKey.Values;

    /// <summary>When the next one changes by itself.</summary>
    public DateTimeOffset? NextChange => byKey.Values.Select(refund => refund.ChangesAt).Concat(bounces.Select(bounce => (DateTimeOffset?)bounce.At)).Min();

    /// <summary>Payments whose money a compensation gave back and the buyer's bank returned, with the key of that refund.</summary>
    public Dictionary<string, string> Bounced { get; } = [];

    /// <summary>A key refunds once, however long ago: that is what looking up before posting gives.</summary>
    public PaymentRefund Refund(RefundPayment request)
    {
        if (byKey.TryGetValue(request.Key, out var known))
            return known.Stated;

        var payment = ledger[request.PaymentId];
        var left = payment.State == PaymentState.Captured ? payment.Captured - payment.Refunded : 0;
        var refund = new SimulatedRefund(request.PaymentId, request.Key, new(PaymentRefundState.Refused, Reason: "charge_disputed"));
        if (request.Amount.Amount <= left && random.Next(12) > 0)
        {
            Move(payment.Id, request.Amount.Amount);
            refund = refund with { Stated = new(PaymentRefundState.Succeeded, $"re_{byKey.Count + 1}", request.Amount.Amount, request.Amount.Currency) };
            refund = random.Next(10) switch
            {
                0 or 1 => Later(refund with { Stated = refund.Stated with { State = PaymentRefundState.Pending } }, PaymentRefundState.Succeeded, days: 9),
                2 => Later(refund with { Stated = refund.Stated with { State = PaymentRefundState.Pending } }, PaymentRefundState.Failed, days: 3),
                3 => Later(refund, PaymentRefundState.Failed, days: 20),
                _ => refund,
            };
        }

        byKey.Add(request.Key, refund);
        return refund.Stated;
    }

    /// <summary>False where orchestrations are ended by hand: nobody watches then.</summary>
    public bool MayBounce { get; set; } = true;

    /// <summary>All that is left of a payment, for a compensation. Some of it bounces within weeks, once.</summary>
    public Payment GiveBack(Payment payment, VoidPayment request)
    {
        // A refund that failed stays so under its key.
        var key = $"{request.Key}:{request.Again}";
        if (Bounced.GetValueOrDefault(payment.Id) == key)
            throw new ProviderException("simulated", "refund", "the refund has failed: lost_or_stolen_card.");
        if (MayBounce && !Bounced.ContainsKey(payment.Id) && random.Next(3) == 0)
            Bounce(payment.Id, clock.GetUtcNow().AddDays(random.NextDouble() * 25));
        keyOf[payment.Id] = key;
        return payment with { State = PaymentState.Refunded, Refunded = payment.Captured };
    }

    public void Bounce(string paymentId, DateTimeOffset at) => bounces.Add((paymentId, at));

    public PaymentRefund Find(FindRefund request) => byKey.TryGetValue(request.Key, out var refund) && refund.Stated.State != PaymentRefundState.Refused
        ? refund.Stated
        : new(PaymentRefundState.None);

    /// <summary>What banks decide by themselves.</summary>
    public void Decide()
    {
        foreach (var bounce in bounces.Where(bounce => bounce.At <= clock.GetUtcNow()).ToList())
        {
            bounces.Remove(bounce);
            Bounced.Add(bounce.PaymentId, keyOf[bounce.PaymentId]);
            ledger[bounce.PaymentId] = ledger[bounce.PaymentId] with { State = PaymentState.Captured, Refunded = 0 };
        }

        foreach (var refund in byKey.Values.Where(refund => refund.ChangesAt <= clock.GetUtcNow()).ToList())
        {
            if (refund.Becomes == PaymentRefundState.Failed)
                Move(refund.PaymentId, -refund.Stated.Amount);
            byKey[refund.Key] = refund with
            {
                Stated = refund.Stated with { State = refund.Becomes, Reason = refund.Becomes == PaymentRefundState.Failed ? "lost_or_stolen_card" : null },
                FailedLate = refund.Stated.State == PaymentRefundState.Succeeded,
                ChangesAt = null,
            };
        }
    }

    private SimulatedRefund Later(SimulatedRefund refund, PaymentRefundState becomes, int days) =>
        refund with { Becomes = becomes, ChangesAt = clock.GetUtcNow().AddDays(random.NextDouble() * days) };

    private void Move(string paymentId, long amount)
    {
        var refunded = ledger[paymentId].Refunded + amount;
        ledger[paymentId] = ledger[paymentId] with
        {
            Refunded = refunded,
            State = refunded == ledger[paymentId].Captured ? PaymentState.Refunded : PaymentState.Captured,
        };
    }
}

/// <param name="Stated">As the provider states it now.</param>
internal sealed record SimulatedRefund(string PaymentId, string Key, PaymentRefund Stated)
{
    public PaymentRefundState Becomes { get; init; }

    public DateTimeOffset? ChangesAt { get; init; }

    public bool FailedLate { get; init; }

    /// <summary>Our refund's id: the key is <c>refund:attempt:refund</c>.</summary>
    public string RefundId => Key.Split(':')[0];
}
