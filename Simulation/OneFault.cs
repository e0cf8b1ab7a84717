namespace Simulation;

/// <summary>One activity has one fault, the first time that it is called: as a single call, or as an outage for those kinds that last. A row may have another go down beside it.</summary>
internal sealed class OneFault(FaultRow row, FaultKind kind, TimeProvider clock) : IWeather
{
    private DateTimeOffset? began;
    private DateTimeOffset? besideUntil;
    private bool killed;

    public DateTimeOffset Over { get; } = clock.GetUtcNow().AddDays(20);

    public FaultKind Strike(string activity)
    {
        if (activity == row.Beside)
            return clock.GetUtcNow() < (besideUntil ??= clock.GetUtcNow() + row.Outage) ? FaultKind.Down : FaultKind.None;
        if (activity != row.Activity || kind is FaultKind.KilledBefore or FaultKind.KilledUncommitted or FaultKind.KilledCommitted)
            return FaultKind.None;

        var first = began is null;
        began ??= clock.GetUtcNow();
        return first || clock.GetUtcNow() < began + row.Length(kind) ? kind : FaultKind.None;
    }

    public bool Kills(string function, FaultKind moment)
    {
        if (killed || function != row.Activity || moment != kind)
            return false;

        return killed = true;
    }

    public TimeSpan Lateness() => row.Length(FaultKind.Late) + TimeSpan.FromHours(1);
}

/// <summary>A world with one buyer, one journey and one fault.</summary>
internal sealed record Plot(FaultRow Row, FaultKind Kind);
