using LocalHost.Functions;
using LocalHost.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalHost.QueueTriggers;

/// <summary>
/// Runs <c>[QueueTrigger]</c> functions. A message that fails comes back after the visibility time-out, until it has been tried
/// as often as host.json allows; then it goes to <c>&lt;queue&gt;-poison</c>.
/// </summary>
internal sealed class QueueListener(
    FunctionCatalog functions, FunctionInvoker invoker, QueueStore queues, HostJson host, StoreHealth health, TimeProvider clock,
    ILogger<QueueListener> logger) : BackgroundService
{
    // A message added wakes the loop at once; one that becomes visible again is found by the next look.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SettleAgainAfter = TimeSpan.FromSeconds(1);
    private const int BatchSize = 16;

    protected override Task ExecuteAsync(CancellationToken stopping) =>
        Task.WhenAll(functions.Of(FunctionKind.Queue).Select(function => Listen(function, stopping)));

    private async Task Listen(LocalFunction function, CancellationToken stopping)
    {
        var queue = ((QueueTriggerAttribute)function.TriggerAttribute).QueueName;
        using var added = new SemaphoreSlim(0);
        void Wake(string name)
        {
            if (name == queue)
                added.Release();
        }

        queues.Added += Wake;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var batch = Take(queue);
                await Task.WhenAll(batch.Select(message => Handle(function, message, stopping)));
                if (batch.Count == 0)
                    await WaitFor(added, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            logger.LogDebug("Stopped listening to queue '{Queue}'.", queue);
        }
        finally
        {
            queues.Added -= Wake;
        }
    }

    private async Task WaitFor(SemaphoreSlim added, CancellationToken stopping)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(added.WaitAsync(look.Token), Task.Delay(LookEvery, clock, look.Token));
        await look.CancelAsync();
        stopping.ThrowIfCancellationRequested();
    }

    private List<QueueMessage> Take(string queue)
    {
        var batch = new List<QueueMessage>();
        try
        {
            while (batch.Count < BatchSize && !health.IsDamaged && queues.Take(queue) is { } message)
                batch.Add(message);
        }
        catch (Exception failure) when (StoreFault.IsUnavailable(failure))
        {
            // What was taken before is handled; the rest waits for the next look.
            health.Failed(failure);
        }

        return batch;
    }

    private async Task Handle(LocalFunction function, QueueMessage message, CancellationToken stopping) =>
        await Settle(await Run(function, message, stopping), stopping);

    /// <returns>What becomes of the message.</returns>
    private async Task<Action> Run(LocalFunction function, QueueMessage message, CancellationToken stopping)
    {
        try
        {
            await using var invocation = invoker.Begin(function, TriggerInput.Of(message), stopping);
            await invocation.Run();
            return () => queues.Delete(message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return () => queues.Return(message, TimeSpan.Zero);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Function '{Function}' failed on message {Message}, attempt {Attempt}.", function.Name, message.Id, message.DequeueCount);
            if (StoreFault.IsUnavailable(exception))
                health.Failed(exception);
            return message.DequeueCount >= host.MaxDequeueCount
                ? () => queues.Move(message, message.Queue + "-poison")
                : () => queues.Return(message, host.VisibilityTimeout);
        }
    }

    // Tried until it is stored: else the message would stay claimed, and wait for the next start.
    private async Task Settle(Action settle, CancellationToken stopping)
    {
        while (!health.IsDamaged)
        {
            try
            {
                settle();
                return;
            }
            catch (Exception failure) when (StoreFault.IsUnavailable(failure))
            {
                health.Failed(failure);
                await Task.Delay(SettleAgainAfter, clock, stopping);
            }
        }
    }
}
