using CheckoutFunctions.Sessions;

namespace Simulation;

/// <summary>An activity's faults and what is right under each. Besides it, the invariants hold at every moment and at rest.</summary>
/// <param name="Activity">Or the orchestrator.</param>
/// <param name="Journey">How the activity is reached.</param>
/// <param name="Right">The right result where no other is said for a kind.</param>
internal sealed record FaultRow(string Activity, Journey Journey, Right Right)
{
    /// <summary>Tells the row from others of the same activity; null for its first.</summary>
    public string? Case { get; init; }

    /// <summary>Another activity that is down from its first call on, for as long as an outage lasts: so that a late effect meets a compensation that is under way.</summary>
    public string? Beside { get; init; }

    /// <summary>What can strike it: everything, but for the orchestrator, which calls nobody.</summary>
    public IReadOnlyList<FaultKind> Kinds { get; init; } = Enum.GetValues<FaultKind>();

    /// <summary>The kinds under which something else is right.</summary>
    public IReadOnlyDictionary<FaultKind, Right> Except { get; init; } = new Dictionary<FaultKind, Right>();

    /// <summary>How long an outage lasts.</summary>
    public TimeSpan Outage { get; init; } = TimeSpan.FromHours(3);

    /// <summary>How long every call is given up, to take effect an hour after the last: longer than the step is tried, so that its undo runs before it.</summary>
    public TimeSpan GivenUp { get; init; } = TimeSpan.FromMinutes(3);

    public string Name => Case is null ? Activity : $"{Activity} {Case}";

    /// <summary>More than one for a damaged answer: one that can't be read is asked for again, as after any fault.</summary>
    public IReadOnlyList<Right> RightsUnder(FaultKind kind) =>
        !Except.TryGetValue(kind, out var other) ? [Right] : kind == FaultKind.Malformed ? [other, Right] : [other];

    public TimeSpan Length(FaultKind kind) => kind switch
    {
        FaultKind.Down => Outage,
        FaultKind.Late => GivenUp,
        _ => TimeSpan.Zero,
    };
}

/// <summary>How a journey ends, and what its buyer was refused on the way, of which nothing cost money.</summary>
internal sealed record Right(CheckoutStatus End, params AnswerCode[] Refusals)
{
    /// <summary>What else the journey comes to; null: nothing.</summary>
    public string? Outcome { get; init; }
}
