using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Taxes;

namespace Simulation;

/// <summary>Fair or foul as the seed has it: single calls that fail, outages that begin when it hurts, and a process that dies.</summary>
internal sealed class RandomWeather : IWeather
{
    private readonly Random random;
    private readonly TimeProvider clock;
    private readonly double callFaults;
    private readonly double kills;
    private readonly List<Outage> outages = [];

    public RandomWeather(Random random, TimeProvider clock)
    {
        (this.random, this.clock) = (random, clock);
        var weather = random.Next(10);
        callFaults = weather < 3 ? 0 : weather < 7 ? 0.08 : 0.35;
        kills = random.Next(3) == 0 ? 0.05 : 0;
        Over = clock.GetUtcNow().AddDays(20);
        for (var i = random.Next(3); i > 0; i--)
            outages.Add(NextOutage());
    }

    public DateTimeOffset Over { get; }

    public FaultKind Strike(string activity)
    {
        var now = clock.GetUtcNow();
        foreach (var starting in outages.Where(outage => outage.Until is null && outage.Trigger == activity))
            starting.Until = now + starting.Length;
        if (outages.Find(outage => outage.Targets.Contains(activity) && now < outage.Until) is { } current)
            return current.Kind;

        return now < Over && random.NextDouble() < callFaults ? (FaultKind)random.Next((int)FaultKind.Before, (int)FaultKind.Malformed + 1) : FaultKind.None;
    }

    public bool Kills(string function, FaultKind moment) => kills > 0 && clock.GetUtcNow() < Over && random.NextDouble() < kills;

    public TimeSpan Lateness() => TimeSpan.FromSeconds(Math.Pow(10, random.NextDouble() * 5));

    /// <summary>A call, a provider or the database fails from the moment some step is reached: that is when it hurts.</summary>
    private Outage NextOutage()
    {
        string[] paidPath =
        [
            nameof(ReserveInventory), nameof(CreatePayment), nameof(AuthorizePayment), nameof(PlaceOrder), nameof(CapturePayment),
            nameof(VoidPayment), nameof(CancelOrder), nameof(ReleaseInventory), nameof(SaveSession), nameof(RecordTax),
            nameof(RefundPayment), nameof(RecordTaxRefund), nameof(RestockInventory), nameof(SaveRefund),
        ];
        string[] provider =
        [
            nameof(CreatePayment), nameof(AuthorizePayment), nameof(RetrievePayment), nameof(CapturePayment), nameof(VoidPayment), nameof(RefundPayment), nameof(FindRefund),
        ];
        string[] database = [nameof(ReserveInventory), nameof(ExtendHold), nameof(ReleaseInventory), nameof(PlaceOrder), nameof(CancelOrder), nameof(SaveRefund), nameof(RestockInventory)];
        var all = SimulatedFunctions.ActivityNames;
        var targets = random.Next(4) switch { 0 => provider, 1 => database, 2 => [paidPath[random.Next(paidPath.Length)]], _ => new[] { all[random.Next(all.Count)] } };
        var trigger = random.Next(2) == 0 ? targets[random.Next(targets.Length)] : paidPath[random.Next(paidPath.Length)];
        return new(trigger, targets, random.Next(6) switch { 0 => FaultKind.After, 1 => FaultKind.Late, _ => FaultKind.Down }, Length(longer: targets.Length > 1));
    }

    private TimeSpan Length(bool longer) => random.Next(longer ? 8 : 5) switch
    {
        0 or 1 => TimeSpan.FromMinutes(random.Next(1, 10)),
        2 => TimeSpan.FromHours(random.Next(1, 12)),
        3 => TimeSpan.FromDays(1.5),
        _ => TimeSpan.FromDays(6),
    };

    private sealed record Outage(string Trigger, string[] Targets, FaultKind Kind, TimeSpan Length)
    {
        /// <summary>Null: not triggered yet.</summary>
        public DateTimeOffset? Until { get; set; }
    }
}
