using CheckoutFunctions.Checkout;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Refunds;

/// <summary>How an operator's request becomes a refund: through the gate, then started; a repeat finds the same one.</summary>
public sealed class RefundClient(RefundBook refunds, OrderBook orders, ISessionStore sessions)
{
    public async Task<bool> IsPaid(string orderId, CancellationToken cancellation) =>
        await orders.Find(orderId, cancellation) is { } order && await SourceOfTax(order, cancellation) is not null;

    /// <summary>Null where the order isn't paid (yet).</summary>
    public async Task<RefundGate?> Request(DurableTaskClient client, RefundRequest request, CancellationToken cancellation)
    {
        if (await orders.Find(request.OrderId, cancellation) is not { } order)
            return new(RefundGateOutcome.UnknownOrder);
        if (order.State == OrderState.Placed && await SourceOfTax(order, cancellation) is null)
            return null;

        var gate = await refunds.Request(request, cancellation);
        // A repeat, too: the first request may have ended between the gate and the orchestration's start.
        if (gate.Refund is { } refund && gate.Refund.RequestHash == request.RequestHash)
            await Start(client, refund, cancellation);
        return gate;
    }

    /// <summary>An operator's word to a parked refund: try again now.</summary>
    public async Task Retry(DurableTaskClient client, StoredRefund refund, string requestId, CancellationToken cancellation)
    {
        if (refund.Status == RefundStatus.Failed)
            return;

        await Start(client, refund, cancellation);
        var id = RefundState.InstanceOf(refund.OrderId, refund.RefundId);
        try
        {
            await client.RaiseEventAsync(id, CheckoutCommand.EventName, new CheckoutCommand(CommandKind.Retry, requestId, requestId, ""), cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Done and no longer watched, or forgotten since: there is nothing to try again.
            var instance = await client.GetInstanceAsync(id, cancellation: cancellation);
            if (instance is { IsCompleted: false } || (instance is null && !IsDone(refund)))
                throw;
        }
    }

    /// <summary>Starts the refund's orchestration where that was cut off. One that exists, running or ended, is left alone.</summary>
    public async Task Resume(DurableTaskClient client, StoredRefund refund, CancellationToken cancellation) =>
        await Start(client, await refunds.Find(refund.OrderId, refund.RefundId, cancellation) ?? refund, cancellation);

    /// <summary>Its orchestration said so: that there is none (any more) is no reason to start one.</summary>
    private static bool IsDone(StoredRefund refund) => refund.Status is RefundStatus.Refunded or RefundStatus.Failed;

    private async Task Start(DurableTaskClient client, StoredRefund refund, CancellationToken cancellation)
    {
        if (IsDone(refund))
            return;

        var stored = (await orders.Find(refund.OrderId, cancellation))!;
        var order = stored.Order;
        var source = await SourceOfTax(stored, cancellation) ?? throw new InvalidOperationException($"Order {order.OrderId} has a refund and no paid checkout.");
        var state = new RefundState(
            refund.RefundId, refund.OrderId, order.PaymentId, refund.Currency, refund.Amount, refund.Tax, source, refund.RequestedAt, refund.Restock);
        var options = new StartOrchestrationOptions(RefundState.InstanceOf(refund.OrderId, refund.RefundId)).WithDedupeStatuses(
            OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(RefundOrchestrator.Name, state, options, cancellation);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // An earlier request got here first.
        }
    }

    /// <summary>
    /// Who recorded the order's tax. Only a completed checkout is paid: the order exists a moment before its money is taken. One that was forgotten left
    /// that with its order.
    /// </summary>
    private async Task<string?> SourceOfTax(StoredOrder order, CancellationToken cancellation) => await sessions.Find(order.Order.CheckoutId, cancellation) switch
    {
        null => order.Kept?.TaxSource,
        { Document: { Status: CheckoutStatus.Completed, Tax: { } tax } } => tax.Source,
        _ => null,
    };
}

public static class RefundServices
{
    public static IServiceCollection AddRefunds(this IServiceCollection services) => services.AddSingleton<RefundClient>();
}
