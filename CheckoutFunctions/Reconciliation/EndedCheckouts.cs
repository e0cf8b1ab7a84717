using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Reconciliation;

/// <summary>
/// Checkouts whose orchestration has ended: nobody else will finish what it left. First the orders' database decides whether an order counts, for good;
/// then the money follows that, then the stock the money, and last the session.
/// </summary>
public sealed class EndedCheckouts(IPaymentGateway gateway, OrderBook orders, Stock stock, ReconciliationBook book, CheckoutEnding ending)
{
    internal async Task Settle(DurableTaskClient client, CheckoutCase found, Healing work, DateTimeOffset now, CancellationToken cancellation)
    {
        if (work.Heals)
            await orders.Close(found.Id, now, cancellation);
        var order = await book.OrderOf(found.Id, cancellation);

        var settled = true;
        foreach (var listed in found.Payments.Where(listed => listed.Payment.Id != order?.PaymentId))
            settled &= await GiveBack(found, listed, work, cancellation);

        var money = order is null ? OrderMoney.None : await Pay(found, order, work, now, cancellation);
        settled &= money != OrderMoney.Open;
        foreach (var hold in found.Holds)
            await Release(found, hold, settled, work, cancellation);
        if (settled)
            await ending.Show(client, found, money == OrderMoney.Taken ? order : null, work, cancellation);
    }

    /// <summary>Money without an order goes back. What isn't live any more stays as it is.</summary>
    private async Task<bool> GiveBack(CheckoutCase found, ListedPayment listed, Healing work, CancellationToken cancellation)
    {
        var payment = listed.Payment;
        // Registered only: whoever was about to confirm it may still be on the way.
        var isOpen = payment.State == PaymentState.Created && found.WasCutOff;
        if (!payment.HoldsMoney && !isOpen)
            return true;

        var isTaken = payment.State == PaymentState.Captured;
        var finding = found.Finding(
            isTaken ? FindingKind.CaptureWithoutOrder : FindingKind.OrphanAuthorization,
            $"The payment is {payment.State}, no order rests on it, and its checkout {found.HowItEnded}.",
            listed);
        return await work.Do(finding with { Deed = isTaken ? "refund what was captured" : "void the payment" }, async () =>
        {
            // The key names the checkout: a refund that bounces later is logged under it. It asks the provider first, and does what the state then calls for.
            var ended = await gateway.Void(new($"{found.Id}:{payment.Id}:reconciliation:void", payment.Id), cancellation);
            if (ended.HoldsMoney)
                throw new NotHealedException($"the payment is {ended.State} now.");
        });
    }

    /// <summary>The order's own payment, as the provider states it now.</summary>
    private async Task<OrderMoney> Pay(CheckoutCase found, BookedOrder order, Healing work, DateTimeOffset now, CancellationToken cancellation)
    {
        var payment = await gateway.Retrieve(order.PaymentId, cancellation);
        if (payment.Pays(order))
            return OrderMoney.Taken;

        var finding = found.Finding(FindingKind.OrderWithoutCapture, $"The order is placed, its payment is {payment.State}, and its checkout {found.HowItEnded}.", order.Placed) with
        {
            OrderId = order.OrderId,
            PaymentId = order.PaymentId,
            Amount = order.Total,
            Currency = order.Currency,
        };
        if (payment.State == PaymentState.Authorized && payment.Amount == order.Total && payment.Currency == order.Currency && payment.Reference == found.Id)
            return await work.Do(finding with { Deed = "capture the payment" }, () => Capture(order, cancellation)) ? OrderMoney.Taken : OrderMoney.Open;

        // Its undo was cut off between the money and the order: the buyer was never told of that order.
        var isUndone = payment.State is PaymentState.Voided or PaymentState.Refunded or PaymentState.Declined && found.Session.Status != CheckoutStatus.Completed;
        if (isUndone && order.Refunds == 0)
            return await work.Do(finding with { Deed = "cancel the order and release its stock" }, () => Cancel(found.Id, order, now, cancellation)) ? OrderMoney.None : OrderMoney.Open;

        work.Report(finding with
        {
            WhyNot = payment.HoldsMoney || payment.Captured > 0
                ? $"{Amount(payment.Captured, payment.Currency)} were taken and {Amount(payment.Refunded, payment.Currency)} given back, other than the shop's books say: only an operator can tell what is right."
                : "The buyer was told of this order, and its money is gone: only an operator can tell whether it stands.",
        });
        return OrderMoney.Open;
    }

    private async Task Capture(BookedOrder order, CancellationToken cancellation)
    {
        var taken = await gateway.Capture(new($"{order.PaymentId}:reconciliation:capture", order.PaymentId, new Money(order.Total, order.Currency)), cancellation);
        if (!taken.Pays(order))
            throw new NotHealedException($"the payment is {taken.State} now, {Amount(taken.Captured, taken.Currency)} captured.");
    }

    private async Task Cancel(string checkoutId, BookedOrder order, DateTimeOffset now, CancellationToken cancellation)
    {
        await orders.Cancel(new((await orders.Find(order.OrderId, cancellation))!.Order, order.HoldKey), cancellation);
        await orders.Close(checkoutId, now, cancellation);
        await stock.Release(new(order.HoldKey, checkoutId), cancellation);
    }

    private async Task Release(CheckoutCase found, LiveHold hold, bool settled, Healing work, CancellationToken cancellation)
    {
        var finding = found.Finding(FindingKind.StaleHold, $"Stock is held, and its checkout {found.HowItEnded}.", found.Since) with { HoldKey = hold.HoldKey, Amount = null, Currency = null };
        if (settled)
            await work.Do(finding with { Deed = "release the hold" }, () => stock.Release(new(hold.HoldKey, found.Id), cancellation));
        else
            work.Report(finding with { WhyNot = "Its money comes first." });
    }

    private static string Amount(long minor, string currency) => Currencies.IsKnown(currency) ? new Money(minor, currency).ToString() : $"{minor} minor units of '{currency}'";

    private enum OrderMoney
    {
        /// <summary>There is no order that counts.</summary>
        None,
        Taken,

        /// <summary>Not settled: nothing that rests on it may follow.</summary>
        Open,
    }
}
