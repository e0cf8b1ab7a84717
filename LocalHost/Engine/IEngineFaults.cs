namespace LocalHost.Engine;

/// <summary>
/// Where a simulation stops the process. An exception thrown from here leaves the store exactly as <c>kill -9</c> would:
/// the work item is still there and a lease that was taken stays taken until <see cref="DurableEngine.ReleaseLeases"/>.
/// </summary>
public interface IEngineFaults
{
    /// <summary>The lease is taken, the activity hasn't run.</summary>
    void BeforeActivity(ActivityWorkItem item)
    {
    }

    /// <summary>The activity ran; its result isn't stored.</summary>
    void AfterActivity(ActivityWorkItem item)
    {
    }

    /// <summary>The turn ran; nothing of it is stored.</summary>
    void BeforeCommit(OrchestrationWorkItem item)
    {
    }

    /// <summary>The turn is stored; nobody heard of it yet.</summary>
    void AfterCommit(OrchestrationWorkItem item)
    {
    }

    /// <summary>True for an exception that stands for the process's end even though an activity threw it: it is then no failure of that activity.</summary>
    bool IsCrash(Exception exception) => false;
}

/// <summary>No faults: production.</summary>
internal sealed class NoFaults : IEngineFaults;
