namespace CheckoutFunctions.Tests.Simulation;

/// <summary>The mistakes that the simulation must see.</summary>
internal static class Mutations
{
    private const string Saga = "Checkout/PlaceOrderSaga.cs";
    private const string Purchase = "Checkout/Purchase.cs";
    private const string VoidUndo = "            undo.Add(async () => purchase.Ended = await context.VoidPayment(purchase.Void(paymentId)));\n";
    private const string Authorize = "            var authorized = await host.Settle(await context.AuthorizePayment(purchase.Authorize(paymentId)));\n";
    private const string ReleaseUndo = "            undo.Add(() => context.ReleaseInventory(purchase.Release));\n";
    private const string Reserved = "            var (reservation, created) = (await reserving, await creating);\n";
    private const string OrderUndo = "            undo.Add(() => context.CancelOrder(purchase.Cancel(order)));\n";
    private const string Place = "            var placement = await context.PlaceOrder(purchase.Place(order));\n";
    private const string Capture = "            var captured = await context.CapturePayment(purchase.Capture(paymentId));\n";

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("the void is registered after the authorization", Saga, (VoidUndo + Authorize, Authorize + VoidUndo)),
        new("the release is registered after the reservation", Saga, (ReleaseUndo, ""), (Reserved, Reserved + ReleaseUndo)),
        new("the order's cancellation is registered after it is placed", Saga, (OrderUndo + Place, Place + OrderUndo)),
        new("the void is never registered", Saga, (VoidUndo, "            purchase.Ended = await Task.FromResult(purchase.Ended);\n")),
        new("the order is never cancelled", Saga, (OrderUndo, "")),
        new("a capture that fails leaves the order to be cancelled before its money is given back", Saga, ("            undo.Add(() => context.VoidPayment(purchase.Void(paymentId)));\n" + Capture, Capture)),
        new("the money is captured before the order is placed", Saga, (Place, Capture.Replace("captured", "early", StringComparison.Ordinal) + Place)),
        new("the stock is released before the money is", Saga, (VoidUndo, VoidUndo + ReleaseUndo)),
        new("what the provider authorized is not compared with what was asked for", Saga, ("if (purchase.MismatchOf(authorized.Payment) is { } mismatch)", "if (purchase.MismatchOf(authorized.Payment) is { Length: 0 } mismatch)")),
        new("a capture that took nothing counts as one", Saga, ("if (captured.State != PaymentState.Captured || captured.Captured != purchase.Total.Amount)", "if (captured.State == PaymentState.Declined)")),
        new("a fault compensates nothing", Saga, ("return await undo.RunThen(Unavailable(fault));", "return Unavailable(fault);")),
        new("a decline compensates nothing", Saga, ("return await undo.RunThen(NotAuthorized(authorized));", "return NotAuthorized(authorized);")),
        new("a compensation's error is swallowed", "Checkout/Compensations.cs", ("            await park(failure);\n            return false;", "            return await Task.FromResult(failure.TaskName.Length > 0);")),
        new("compensations run oldest first", "Checkout/Compensations.cs", ("Stack<Func<Task>> undos", "Queue<Func<Task>> undos"), ("undos.Push(undo)", "undos.Enqueue(undo)"), ("undos.Pop()", "undos.Dequeue()")),
        new("keys don't grow with the attempt", Purchase, ("$\"{CheckoutId}:{state.Attempt}:{operation}\"", "$\"{CheckoutId}:{operation}\"")),
        new("keys are not the checkout's", Purchase, ("$\"{CheckoutId}:{state.Attempt}:{operation}\"", "$\"{state.Attempt}:{operation}\"")),
        new("the order is placed for another amount", Purchase, ("        Total.Amount,\n", "        session.Subtotal,\n")),
        new("a released hold leaves no tombstone", "Inventory/Stock.cs", ("\"INSERT INTO holds (hold_key, checkout_id, state, expires_at) VALUES (@HoldKey, @CheckoutId, 'released', 0) ON CONFLICT (hold_key) DO NOTHING\"", "\"SELECT @HoldKey, @CheckoutId\"")),
        new("a cancelled order that was never placed leaves no tombstone", "Orders/OrderBook.cs", ("await Insert(new PlaceOrder(request.Order, request.HoldKey), \"cancelled\", transaction);", "")),
        new("a code's last use is held by two buyers", "Inventory/HeldCodes.cs", ("true when row.UsesLeft <= 0", "true when row.UsesLeft < 0")),
        new("the uses of codes aren't held", Purchase, ("state.DiscountRules.Any(rule => rule.IsLimited) ?", "state.DiscountRules.Any(rule => rule.Code.Length == 0) ?")),
        new("a command is obeyed each time that it is raised", "Checkout/CheckoutFlow.cs", ("WasAnswered(CheckoutCommand command) => state.Answered.Contains(command.Key) ||", "WasAnswered(CheckoutCommand command) => state.Answered.Count < 0 ||"), ("state.Answered.Contains(command.RequestId);", "state.Answered.Contains(\"\");")),
        new("the hold isn't extended while the buyer pays", "Checkout/CheckoutFlow.cs", ("context.ExtendHold(purchase!.Extend(deadline))", "context.ExtendHold(purchase!.Extend(DateTimeOffset.UnixEpoch))")),
        new("a released hold is taken again by a late extension", "Inventory/Stock.cs", ("if (state == \"expired\" && ", "if (state is \"expired\" or \"released\" && ")),
        new("stock is reserved twice by a repeat", "Inventory/Stock.cs", ("if (await StateOf(request.HoldKey, transaction) is { } state)", "if (await StateOf(request.HoldKey, transaction) is \"released\" and var state)"), ("\"INSERT INTO holds (hold_key, checkout_id, state, expires_at) VALUES (@HoldKey, @CheckoutId, 'held', @expiresAt)\"", "\"INSERT OR REPLACE INTO holds (hold_key, checkout_id, state, expires_at) VALUES (@HoldKey, @CheckoutId, 'held', @expiresAt)\""), ("\"INSERT INTO hold_lines", "\"INSERT OR REPLACE INTO hold_lines")),
    ];
}
