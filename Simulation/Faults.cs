using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using LocalHost.Engine;

namespace Simulation;

/// <summary>Makes happen what the weather decides, around every call and every commit, and keeps account of what was reached.</summary>
internal sealed class Faults(IWeather weather, Random random, TimeProvider clock) : IEngineFaults
{
    private static readonly Dictionary<string, string> UndoOf = new()
    {
        [nameof(ReserveInventory)] = nameof(ReleaseInventory),
        [nameof(ExtendHold)] = nameof(ReleaseInventory),
        [nameof(AuthorizePayment)] = nameof(VoidPayment),
        [nameof(PlaceOrder)] = nameof(CancelOrder),
        [nameof(CapturePayment)] = nameof(VoidPayment),
    };

    private readonly PriorityQueue<Func<Task>, DateTimeOffset> late = new();
    private readonly Dictionary<(string Checkout, string Activity), int> lastCalls = [];
    private int calls;

    /// <summary>How often each fault struck each activity, or the orchestrator.</summary>
    public Dictionary<(string Function, FaultKind Kind), int> Reached { get; } = [];

    /// <summary>Which faults each checkout had to live with.</summary>
    public HashSet<(string Checkout, FaultKind Kind)> Struck { get; } = [];

    /// <summary>Steps that took effect after what undoes them had been called.</summary>
    public HashSet<(string Checkout, string Activity)> AfterTheirUndo { get; } = [];

    /// <summary>Nothing has gone wrong in this world.</summary>
    public bool Calm => Struck.Count == 0;

    public DateTimeOffset? NextLate => late.TryPeek(out _, out var at) ? at : null;

    /// <summary>The steps whose late effect shows whether their undo holds.</summary>
    public static IEnumerable<string> Undoable => UndoOf.Keys;

    /// <summary>The effect of one call that was given up long ago.</summary>
    /// <returns>False if none is due.</returns>
    public async Task<bool> RunNextLate()
    {
        if (!late.TryPeek(out _, out var at) || at > clock.GetUtcNow())
            return false;

        await late.Dequeue()();
        return true;
    }

    public async Task<object?> Around(string activity, string checkout, Func<Task<object?>> call)
    {
        var turn = lastCalls[(checkout, activity)] = ++calls;
        var kind = weather.Strike(activity);
        Count(activity, checkout, kind);
        switch (kind)
        {
            case FaultKind.Before or FaultKind.Down:
                throw Fault(activity);
            case FaultKind.After:
                await call();
                throw Fault(activity);
            case FaultKind.Twice:
                await call();
                return await call();
            case FaultKind.Late:
                late.Enqueue(() => RunLate(activity, checkout, turn, call), clock.GetUtcNow() + weather.Lateness());
                throw Fault(activity);
            case FaultKind.Malformed:
                return Malformed.Damage(activity, await call(), random);
            default:
                return await call();
        }
    }

    public void BeforeActivity(ActivityWorkItem item) => MaybeKill(item, FaultKind.KilledBefore);

    public void AfterActivity(ActivityWorkItem item) => MaybeKill(item, FaultKind.KilledUncommitted);

    /// <summary>The engine has no such hook: it is between two of its work items.</summary>
    public void AfterResult(ActivityWorkItem item) => MaybeKill(item, FaultKind.KilledCommitted);

    public void BeforeCommit(OrchestrationWorkItem item) => MaybeKill(item, FaultKind.KilledUncommitted);

    public void AfterCommit(OrchestrationWorkItem item) => MaybeKill(item, FaultKind.KilledCommitted);

    public bool IsCrash(Exception exception) => exception is CrashException;

    private async Task RunLate(string activity, string checkout, int turn, Func<Task<object?>> call)
    {
        if (UndoOf.TryGetValue(activity, out var undo) && lastCalls.GetValueOrDefault((checkout, undo)) > turn)
            AfterTheirUndo.Add((checkout, activity));
        try
        {
            await call();
        }
        catch (ProviderException)
        {
            // A "no" that comes late is heard by nobody.
        }
    }

    private void MaybeKill(WorkItem item, FaultKind moment)
    {
        var function = item is ActivityWorkItem activity ? activity.Name : SimulatedFunctions.OrchestratorOf(item.InstanceId);
        if (!weather.Kills(function, moment))
            return;

        Count(function, item.InstanceId, moment);
        throw new CrashException();
    }

    private void Count(string function, string checkout, FaultKind kind)
    {
        Reached[(function, kind)] = Reached.GetValueOrDefault((function, kind)) + 1;
        if (kind != FaultKind.None)
            Struck.Add((checkout, kind));
    }

    private static TimeoutException Fault(string activity) => new($"{activity} did not answer.");
}

internal sealed class CrashException() : Exception("The process ended.");
