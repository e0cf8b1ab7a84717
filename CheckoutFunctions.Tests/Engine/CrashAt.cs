using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>The process's end.</summary>
internal sealed class Crash : Exception;

/// <summary>The process ends at the given one of the points that it passes, once.</summary>
internal sealed class CrashAt(int point) : IEngineFaults
{
    public int Passed { get; private set; }

    public void BeforeActivity(ActivityWorkItem item) => Pass();

    public void AfterActivity(ActivityWorkItem item) => Pass();

    public void BeforeCommit(OrchestrationWorkItem item) => Pass();

    public void AfterCommit(OrchestrationWorkItem item) => Pass();

    public bool IsCrash(Exception exception) => exception is Crash;

    private void Pass()
    {
        if (Passed++ == point)
            throw new Crash();
    }
}
