using System.Text.Json;

namespace CheckoutFunctions.Checkout;

/// <summary>The commands of one checkout, one at a time, in the order they came. One waiter only: several would be served last-in first-out.</summary>
public sealed class CommandInbox(TaskOrchestrationContext context)
{
    private Task<JsonElement>? next;

    /// <summary>The next command; null when the deadline comes first. What isn't a command is passed over.</summary>
    public async Task<CheckoutCommand?> Next(DateTimeOffset deadline)
    {
        while (true)
        {
            next ??= context.WaitForExternalEvent<JsonElement>(CheckoutCommand.EventName);
            if (!next.IsCompleted && !await CameBefore(deadline))
                return null;

            var payload = await next;
            next = null;
            if (CheckoutCommand.TryRead(payload) is { } command)
                return command;
        }
    }

    private async Task<bool> CameBefore(DateTimeOffset deadline)
    {
        // A timer left open would keep the instance running after it ended. Cancel, not CancelAsync: that one leaves the orchestration thread.
        using var cancellation = new CancellationTokenSource();
        var timer = context.CreateTimer(deadline.UtcDateTime, cancellation.Token);
        if (await Task.WhenAny(next!, timer) == timer)
            return false;

        cancellation.Cancel();
        return true;
    }
}
