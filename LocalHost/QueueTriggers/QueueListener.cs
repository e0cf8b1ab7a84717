using LocalHost.Engine;
using LocalHost.Functions;
using LocalHost.Storage;
using Microsoft.Extensions.Hosting;

namespace LocalHost.QueueTriggers;

/// <summary>
/// Takes messages for <c>[QueueTrigger]</c> functions: a batch as soon as no more than host.json's threshold of earlier ones are being handled,
/// so that one slow message doesn't hold up the rest. Stopping waits for those under way.
/// </summary>
internal sealed class QueueListener(
    FunctionCatalog functions, QueueMessages messages, QueueStore queues, HostJson host, StoreHealth health, TimeProvider clock) : BackgroundService
{
    // A message added wakes the loop at once; one that becomes visible again is found by the next look.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly int threshold = host.NewBatchThreshold ?? host.BatchSize / 2;

    protected override Task ExecuteAsync(CancellationToken stopping) =>
        Task.WhenAll(functions.Of(FunctionKind.Queue).Select(function => Listen(function, stopping)));

    private async Task Listen(LocalFunction function, CancellationToken stopping)
    {
        var queue = ((QueueTriggerAttribute)function.TriggerAttribute).QueueName;
        var slots = new Lanes(host.BatchSize + threshold);
        var work = new WorkSignal();
        void Wake(string name)
        {
            if (name == queue)
                work.Set();
        }

        queues.Added += Wake;
        while (!stopping.IsCancellationRequested)
        {
            var batch = slots.Free < host.BatchSize ? [] : Take(queue);
            foreach (var message in batch)
                slots.Run(() => messages.Handle(function, message, stopping), whenFree: work.Set);
            if (batch.Count == 0)
                await WaitFor(work, stopping);
        }

        queues.Added -= Wake;
        await slots.Idle();
    }

    private async Task WaitFor(WorkSignal work, CancellationToken stopping)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(work.Wait(look.Token), Task.Delay(LookEvery, clock, look.Token));
        await look.CancelAsync();
    }

    private List<QueueMessage> Take(string queue)
    {
        var batch = new List<QueueMessage>();
        try
        {
            while (batch.Count < host.BatchSize && !health.IsDamaged && queues.Take(queue) is { } message)
                batch.Add(message);
        }
        catch (Exception failure) when (StoreFault.IsUnavailable(failure))
        {
            // What was taken before is handled; the rest waits for the next look.
            health.Failed(failure);
        }

        return batch;
    }
}
