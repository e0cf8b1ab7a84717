namespace CheckoutFunctions.Checkout;

/// <summary>What must be undone if a later step fails, newest first. A compensation that keeps failing reaches a human; it is never skipped.</summary>
/// <param name="park">Waits until somebody, or a day, says: try again.</param>
public sealed class Compensations(Func<TaskFailedException, Task> park)
{
    private readonly Stack<Func<Task>> undos = new();

    /// <summary>Call it before the step itself: a step that timed out may still have happened.</summary>
    public void Add(Func<Task> undo) => undos.Push(undo);

    public async Task Run()
    {
        while (undos.TryPeek(out var undo))
        {
            if (await Succeeds(undo))
                undos.Pop();
        }
    }

    public async Task<T> RunThen<T>(T result)
    {
        await Run();
        return result;
    }

    private async Task<bool> Succeeds(Func<Task> undo)
    {
        try
        {
            await undo();
            return true;
        }
        catch (TaskFailedException failure)
        {
            await park(failure);
            return false;
        }
    }
}
