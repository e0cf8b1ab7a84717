using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Checkout;

/// <summary>
/// Turns a priced cart into a paid order, or leaves no trace: stock first, then the held money, then the order, then the money itself.
/// Each undo is registered before its step. Whatever fails, compensations run backwards and don't give up.
/// </summary>
public static class PlaceOrderSaga
{
    public static async Task<Placement> Run(TaskOrchestrationContext context, Purchase purchase, ISagaHost host)
    {
        var undo = new Compensations(host.Park);
        try
        {
            undo.Add(() => context.ReleaseInventory(purchase.Release));
            var reserving = context.ReserveInventory(purchase.Reserve);
            // Beside it, because it moves no money: it only gives the id by which every later outcome can be looked up.
            var creating = context.CreatePayment(purchase.Create);
            await Task.WhenAll(host.ShowPaying(), reserving, creating);
            var (reservation, created) = (await reserving, await creating);
            if (reservation.Outcome != ReservationOutcome.Held)
                return await undo.RunThen(NotReserved(reservation));
            if (created.PaymentId is not { } paymentId)
                return await undo.RunThen(new Placement(PlacementOutcome.InvalidToken) { Detail = created.Reason });

            // An authorization that timed out may still have happened.
            purchase.PaymentId = paymentId;
            undo.Add(async () => purchase.Ended = await context.VoidPayment(purchase.Void(paymentId)));
            var authorized = await host.Settle(await context.AuthorizePayment(purchase.Authorize(paymentId)));
            if (authorized.Payment.State != PaymentState.Authorized)
                return await undo.RunThen(NotAuthorized(authorized));
            if (purchase.MismatchOf(authorized.Payment) is { } mismatch)
            {
                await undo.Run();
                await host.ParkMismatch($"{mismatch} It is {Purchase.Describe(purchase.Ended!)} now.");
                return new Placement(PlacementOutcome.PaymentUnavailable) { Detail = "The provider's payment wasn't the one that was asked for. Nothing was charged." };
            }

            var order = purchase.Order(paymentId);
            undo.Add(() => context.CancelOrder(purchase.Cancel(order)));
            var placement = await context.PlaceOrder(purchase.Place(order));
            if (placement.Outcome != OrderPlacementOutcome.Placed)
                return await undo.RunThen(new Placement(PlacementOutcome.OutOfStock) { Detail = "The stock's hold ended before the payment did." });

            // Capture's own undo, so that it runs before the order's: a capture that comes late finds the payment closed,
            // and at no moment is money taken without an order.
            undo.Add(() => context.VoidPayment(purchase.Void(paymentId)));
            var captured = await context.CapturePayment(purchase.Capture(paymentId));
            if (captured.State != PaymentState.Captured || captured.Captured != purchase.Total.Amount)
                return await undo.RunThen(new Placement(PlacementOutcome.PaymentUnavailable) { Detail = "The held payment could not be taken." });

            return new Placement(PlacementOutcome.Completed) { Order = order };
        }
        catch (TaskFailedException fault)
        {
            return await undo.RunThen(Unavailable(fault));
        }
    }

    private static Placement NotReserved(Reservation reservation) => new(reservation.Outcome switch
    {
        ReservationOutcome.PriceChanged => PlacementOutcome.PriceChanged,
        ReservationOutcome.CodeLost => PlacementOutcome.DiscountLost,
        _ => PlacementOutcome.OutOfStock,
    })
    { Reservation = reservation };

    private static Placement NotAuthorized(SettledPayment settled) => settled.Ended switch
    {
        _ when settled.Lost is { } lost => NotReserved(lost),
        BuyerReply.Cancelled => new(PlacementOutcome.Cancelled),
        BuyerReply.Absent => new(PlacementOutcome.ActionExpired),
        _ when settled.Payment.State == PaymentState.Declined => new(PlacementOutcome.Declined) { DeclineCode = settled.Payment.DeclineCode, Advice = settled.Payment.Advice },
        _ => new(PlacementOutcome.PaymentUnavailable) { Detail = $"The payment is {settled.Payment.State}." },
    };

    private static Placement Unavailable(TaskFailedException fault) => new(
        fault.TaskName is nameof(CreatePayment) or nameof(AuthorizePayment) or nameof(RetrievePayment) or nameof(CapturePayment)
            ? PlacementOutcome.PaymentUnavailable
            : PlacementOutcome.StoreUnavailable);
}

/// <summary>What the saga needs of the checkout around it.</summary>
public interface ISagaHost
{
    /// <summary>Writes the session as PAYING.</summary>
    Task ShowPaying();

    /// <summary>Waits until an authorization is no longer open: the buyer did 3-D Secure, gave up, or let it pass.</summary>
    Task<SettledPayment> Settle(Payment payment);

    /// <summary>Waits until it is time to try again. After days of that it shows NEEDS_ATTENTION, and an operator, or another day, says when.</summary>
    Task Park(TaskFailedException failure);

    /// <summary>Shows NEEDS_ATTENTION and the reason, after everything was undone: only an operator can tell whether to go on.</summary>
    Task ParkMismatch(string reason);
}

/// <param name="Ended">Why the buyer's part ended, where there was one.</param>
/// <param name="Lost">Why the stock is no longer held: then nobody was waited for.</param>
public sealed record SettledPayment(Payment Payment, BuyerReply Ended = BuyerReply.None, Reservation? Lost = null);

public enum BuyerReply
{
    None,
    Confirmed,

    /// <summary>Not the buyer but the provider says that something changed.</summary>
    Signalled,
    Cancelled,
    Absent,
}
