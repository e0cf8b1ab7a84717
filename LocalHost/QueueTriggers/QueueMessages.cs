using LocalHost.Functions;
using LocalHost.Storage;
using Microsoft.Extensions.Logging;

namespace LocalHost.QueueTriggers;

/// <summary>
/// Handles one message with one run of its function. A message that fails comes back after the visibility time-out, until it has been
/// tried as often as host.json allows; then, or at once where its text can't be read, it goes to <c>&lt;queue&gt;-poison</c>. A poison queue has
/// none of its own: there it keeps coming back.
/// </summary>
internal sealed class QueueMessages(
    FunctionInvoker invoker, QueueStore queues, HostJson host, StoreHealth health, TimeProvider clock, ILogger<QueueMessages> logger)
{
    private const string PoisonSuffix = "-poison";

    private static readonly TimeSpan SettleAgainAfter = TimeSpan.FromSeconds(1);

    // It would come back for ever, at once.
    private static readonly TimeSpan LeastWaitOnPoison = TimeSpan.FromMinutes(1);

    private readonly MessageEncoding encoding = MessageEncoding.Of(host);

    public async Task Handle(LocalFunction function, QueueMessage message, CancellationToken stopping)
    {
        if (encoding.TryDecode(message.Body, out var text))
        {
            await Settle(await Run(function, message with { Body = text }, stopping), stopping);
            return;
        }

        logger.LogWarning("Message {Message} on queue '{Queue}' isn't Base64 of UTF-8 text: it goes to the poison queue.", message.Id, message.Queue);
        await Settle(() => Poison(message), stopping);
    }

    /// <returns>What then becomes of the message.</returns>
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
            return message.DequeueCount >= host.MaxDequeueCount ? () => Poison(message) : () => queues.Return(message, host.VisibilityTimeout);
        }
    }

    private void Poison(QueueMessage message)
    {
        if (message.Queue.EndsWith(PoisonSuffix, StringComparison.Ordinal))
            queues.Return(message, host.VisibilityTimeout > LeastWaitOnPoison ? host.VisibilityTimeout : LeastWaitOnPoison);
        else
            queues.Move(message, message.Queue + PoisonSuffix);
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
