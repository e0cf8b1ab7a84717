using System.Diagnostics;

namespace LocalHost.Engine;

/// <summary>
/// Watches code that may never give its thread back: past the limit, and again each time that passes, it says so, until that has
/// been dealt with. Whoever stops at a breakpoint isn't overdue.
/// </summary>
internal sealed class TurnWatch : IDisposable
{
    private readonly Func<Task> overdue;
    private readonly Action<Exception> failed;
    private readonly ITimer timer;

    public TurnWatch(TimeProvider time, TimeSpan limit, Func<Task> overdue, Action<Exception> failed)
    {
        (this.overdue, this.failed) = (overdue, failed);
        timer = time.CreateTimer(_ => _ = Overdue(), null, limit, limit);
    }

    public void Dispose() => timer.Dispose();

    private async Task Overdue()
    {
        if (Debugger.IsAttached)
            return;

        try
        {
            await overdue();
            timer.Dispose();
        }
        catch (Exception failure)
        {
            failed(failure);
        }
    }
}
