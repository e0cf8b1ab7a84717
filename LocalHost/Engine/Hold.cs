namespace LocalHost.Engine;

/// <summary>A work item that runs here: nothing else may run under its key until it ends or is given up.</summary>
internal sealed class Hold(object key)
{
    private readonly TaskCompletionSource givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public object Key { get; } = key;

    /// <summary>Completes when nobody waits for the code any longer: it may still run, but it takes no lane.</summary>
    public Task GivenUp => givenUp.Task;

    public void GiveUp() => givenUp.TrySetResult();
}
