using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Taxes;
using LocalHost.Engine;

namespace Simulation;

/// <summary>What goes wrong in one world: which calls fail, before or after they took effect, twice, late; and when the process dies.</summary>
internal sealed class Faults : IEngineFaults
{
    private readonly Random random;
    private readonly ManualTimeProvider clock;
    private readonly double callFaults;
    private readonly double crashes;
    private readonly List<Outage> outages = [];
    private readonly PriorityQueue<Func<Task<object?>>, DateTimeOffset> late = new();

    public Faults(Random random, ManualTimeProvider clock)
    {
        (this.random, this.clock) = (random, clock);
        var weather = random.Next(10);
        callFaults = weather < 3 ? 0 : weather < 7 ? 0.08 : 0.35;
        crashes = random.Next(3) == 0 ? 0.05 : 0;
        Over = clock.GetUtcNow().AddDays(20);
        for (var i = random.Next(3); i > 0; i--)
            outages.Add(NextOutage());
    }

    /// <summary>After this nothing fails any more, so that the world comes to rest.</summary>
    public DateTimeOffset Over { get; }

    public int Crashes { get; private set; }

    /// <summary>Nothing has gone wrong in this world.</summary>
    public bool Calm => Crashes == 0 && Reached.Keys.All(reached => reached.Kind == FaultKind.None);

    public Dictionary<(string Activity, FaultKind Kind), int> Reached { get; } = [];

    public DateTimeOffset? NextLate => late.TryPeek(out _, out var at) ? at : null;

    /// <summary>Effects of calls that were given up long ago.</summary>
    /// <returns>True if there were any.</returns>
    public async Task<bool> RunLate()
    {
        var ran = false;
        for (; late.TryPeek(out _, out var at) && at <= clock.GetUtcNow(); ran = true)
            await Unheard(late.Dequeue());
        return ran;
    }

    /// <summary>A "no" that comes late is heard by nobody.</summary>
    private static async Task Unheard(Func<Task<object?>> call)
    {
        try
        {
            await call();
        }
        catch (ProviderException)
        {
            // As after a fault: nothing took effect.
        }
    }

    public async Task<object?> Around(string activity, Func<Task<object?>> call)
    {
        switch (Choose(activity))
        {
            case FaultKind.Before:
                throw Fault(activity);
            case FaultKind.After:
                await call();
                throw Fault(activity);
            case FaultKind.Twice:
                await call();
                return await call();
            case FaultKind.Late:
                late.Enqueue(call, clock.GetUtcNow().AddSeconds(Math.Pow(10, random.NextDouble() * 5)));
                throw Fault(activity);
            default:
                return await call();
        }
    }

    public void BeforeActivity(ActivityWorkItem item) => MaybeCrash();

    public void AfterActivity(ActivityWorkItem item) => MaybeCrash();

    public void BeforeCommit(OrchestrationWorkItem item) => MaybeCrash();

    public void AfterCommit(OrchestrationWorkItem item) => MaybeCrash();

    public bool IsCrash(Exception exception) => exception is CrashException;

    private FaultKind Choose(string activity)
    {
        var now = clock.GetUtcNow();
        var kind = FaultKind.None;
        foreach (var starting in outages.Where(outage => outage.Until is null && outage.Trigger == activity))
            starting.Until = now + starting.Length;
        if (outages.Find(outage => outage.Targets.Contains(activity) && now < outage.Until) is { } current)
            kind = current.Kind;
        else if (now < Over && random.NextDouble() < callFaults)
            kind = (FaultKind)random.Next(1, 5);

        Reached[(activity, kind)] = Reached.GetValueOrDefault((activity, kind)) + 1;
        return kind;
    }

    /// <summary>A call, a provider or the database fails from the moment some step is reached: that is when it hurts.</summary>
    private Outage NextOutage()
    {
        string[] paidPath =
        [
            nameof(ReserveInventory), nameof(CreatePayment), nameof(AuthorizePayment), nameof(PlaceOrder), nameof(CapturePayment),
            nameof(VoidPayment), nameof(CancelOrder), nameof(ReleaseInventory), nameof(SaveSession), nameof(RecordTax),
            nameof(RefundPayment), nameof(RecordTaxRefund), nameof(RestockInventory), nameof(SaveRefund),
        ];
        string[] provider = [nameof(CreatePayment), nameof(AuthorizePayment), nameof(RetrievePayment), nameof(CapturePayment), nameof(VoidPayment), nameof(RefundPayment), nameof(FindRefund)];
        string[] database = [nameof(ReserveInventory), nameof(ReleaseInventory), nameof(PlaceOrder), nameof(CancelOrder), nameof(SaveRefund), nameof(RestockInventory)];
        var all = SimulatedFunctions.ActivityNames.Order(StringComparer.Ordinal).ToArray();
        var targets = random.Next(4) switch { 0 => provider, 1 => database, 2 => [paidPath[random.Next(paidPath.Length)]], _ => new[] { all[random.Next(all.Length)] } };
        var trigger = random.Next(2) == 0 ? targets[random.Next(targets.Length)] : paidPath[random.Next(paidPath.Length)];
        return new(trigger, targets, random.Next(6) switch { 0 => FaultKind.After, 1 => FaultKind.Late, _ => FaultKind.Before }, Length(longer: targets.Length > 1));
    }

    private TimeSpan Length(bool longer) => random.Next(longer ? 8 : 5) switch
    {
        0 or 1 => TimeSpan.FromMinutes(random.Next(1, 10)),
        2 => TimeSpan.FromHours(random.Next(1, 12)),
        3 => TimeSpan.FromDays(1.5),
        _ => TimeSpan.FromDays(6),
    };

    private void MaybeCrash()
    {
        if (crashes == 0 || clock.GetUtcNow() >= Over || random.NextDouble() >= crashes)
            return;

        Crashes++;
        throw new CrashException();
    }

    private static TimeoutException Fault(string activity) => new($"{activity} did not answer.");

    private sealed record Outage(string Trigger, string[] Targets, FaultKind Kind, TimeSpan Length)
    {
        /// <summary>Null: not triggered yet.</summary>
        public DateTimeOffset? Until { get; set; }
    }
}

internal enum FaultKind
{
    None,

    /// <summary>Fails, nothing happened.</summary>
    Before,

    /// <summary>Takes effect, then fails.</summary>
    After,

    /// <summary>Runs twice, as an activity whose lease ran out does.</summary>
    Twice,

    /// <summary>Fails now and takes effect later: seconds to a day.</summary>
    Late,
}

internal sealed class CrashException() : Exception("The process ended.");
