namespace Simulation;

/// <summary>What can go wrong with one call of an activity, or with the process around it.</summary>
internal enum FaultKind
{
    None,

    /// <summary>Fails, nothing happened.</summary>
    Before,

    /// <summary>Takes effect, then fails or times out.</summary>
    After,

    /// <summary>Runs twice, as an activity whose lease ran out does.</summary>
    Twice,

    /// <summary>Fails now and takes effect later: seconds to a day, often after its compensation began.</summary>
    Late,

    /// <summary>Takes effect, and the answer can't be read or isn't about what was asked.</summary>
    Malformed,

    /// <summary>Its provider or database answers nobody for a while: minutes to days.</summary>
    Down,

    /// <summary>The process ends before the call.</summary>
    KilledBefore,

    /// <summary>The process ends after the effect and before its result, or the turn, is committed.</summary>
    KilledUncommitted,

    /// <summary>The process ends after that commit, before anything comes of it.</summary>
    KilledCommitted,
}
