namespace Simulation;

/// <summary>Decides what goes wrong in one world. <see cref="Faults"/> makes it happen.</summary>
internal interface IWeather
{
    /// <summary>After this nothing fails any more, so that the world comes to rest.</summary>
    DateTimeOffset Over { get; }

    /// <summary>What happens to this call.</summary>
    FaultKind Strike(string activity);

    /// <summary>Whether the process ends here.</summary>
    /// <param name="function">The activity or the orchestrator that is at work.</param>
    /// <param name="moment">One of the kinds that are named after a kill.</param>
    bool Kills(string function, FaultKind moment);

    /// <summary>How long after it was given up a call takes effect.</summary>
    TimeSpan Lateness();
}
