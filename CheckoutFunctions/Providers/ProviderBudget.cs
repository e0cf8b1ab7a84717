using System.Globalization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Providers;

/// <summary>
/// How long all that is asked of providers from here on may take together. It flows with the call, so that neither ports nor adapters have to
/// hand it on: a call's time-out is its own, or what is left of the budget. Calls that are cut short are faults like any other time-out.
/// </summary>
public sealed class ProviderBudget : IDisposable
{
    private static readonly AsyncLocal<ProviderBudget?> Current = new();

    private readonly TimeProvider time;
    private readonly long begun;
    private readonly TimeSpan all;
    private readonly ProviderBudget? outer;

    private readonly bool isLifted;

    private ProviderBudget(TimeProvider time, TimeSpan all, bool isLifted = false) =>
        (this.time, begun, this.all, outer, this.isLifted) = (time, time.GetTimestamp(), all, Current.Value, isLifted);

    /// <summary>A budget within the one that holds already, until it is disposed; null sets none.</summary>
    public static ProviderBudget? Begin(TimeProvider time, int? milliseconds) => Begin(time, milliseconds is { } all ? TimeSpan.FromMilliseconds(all) : null);

    /// <summary>For one of so many that are asked one after another: its equal share of what is left. Without a budget it has none either.</summary>
    public static ProviderBudget? BeginShare(TimeProvider time, int among) => Begin(time, Current.Value is { isLifted: false } budget ? budget.Left / among : null);

    /// <summary>What is asked from here on isn't for whoever has the budget alone: it takes its own time.</summary>
    internal static ProviderBudget? Lift(TimeProvider time) => Current.Value is null ? null : Current.Value = new ProviderBudget(time, TimeSpan.MaxValue, isLifted: true);

    /// <summary>An answer that somebody else may have asked for, for as long as the budget lasts.</summary>
    internal static async Task<T> Wait<T>(Task<T> answer, string provider, string operation, TimeProvider time, CancellationToken cancellation)
    {
        if (Current.Value is null or { isLifted: true } || answer.IsCompleted)
            return await answer.WaitAsync(cancellation);

        var left = Within(TimeSpan.MaxValue);
        try
        {
            return await answer.WaitAsync(left, time, cancellation);
        }
        catch (TimeoutException e) when (!answer.IsCompleted)
        {
            throw new ProviderException(provider, operation, string.Create(CultureInfo.InvariantCulture, $"no answer within the {left.TotalSeconds:0.###} s that were left."), e);
        }
    }

    /// <summary>That time-out, or less. Never nothing: a call that gets no time at all wouldn't be a call.</summary>
    internal static TimeSpan Within(TimeSpan timeout)
    {
        for (var budget = Current.Value; budget is { isLifted: false }; budget = budget.outer)
            timeout = budget.Left < timeout ? budget.Left : timeout;
        return timeout > TimeSpan.FromMilliseconds(1) ? timeout : TimeSpan.FromMilliseconds(1);
    }

    public void Dispose() => Current.Value = outer;

    private TimeSpan Left => all - time.GetElapsedTime(begun);

    private static ProviderBudget? Begin(TimeProvider time, TimeSpan? budget) => budget is { } all ? Current.Value = new ProviderBudget(time, Within(all)) : null;
}
