using CheckoutFunctions.Addresses;
using CheckoutFunctions.Database;
using CheckoutFunctions.Discounts;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;
using Dapper;
using LocalHost.Engine;
using LocalHost.Storage;

namespace Simulation;

/// <summary>What must hold always, and what must hold once a world has come to rest.</summary>
internal sealed class Invariants(
    ShopDatabase shop, ISessionStore sessions, IOrchestrationStore instances, SimulatedPayments payments, SimulatedTaxes taxes, Faults faults, Undone undone, TimeProvider clock)
{
    private readonly RefundInvariants refunds = new(shop, instances, payments, taxes);

    private Dictionary<string, long> stock = [];

    /// <summary>Whether any stock was held when the books were last read.</summary>
    public bool AnyHeld { get; private set; }

    /// <summary>Checkouts whose orchestration somebody ended: what they hold ends by itself, and reconciliation voids their money.</summary>
    public IReadOnlySet<string> Ended { get; init; } = new HashSet<string>();

    public async Task Remember() => stock = (await Books()).Stock.ToDictionary(row => row.Sku, row => row.Free + row.Held + row.Sold);

    /// <summary>Whether an activity touches what the invariants speak of. Those that only ask or show don't.</summary>
    public static bool MayChange(string activity) => activity is not (nameof(SaveSession) or nameof(VerifyAddress) or nameof(FetchShippingRates)
        or nameof(CalculateTax) or nameof(CheckDiscounts) or nameof(RetrievePayment) or nameof(FindRefund) or nameof(OrderActivities.PublishOrderPlaced));

    public async Task Always()
    {
        var (stockNow, orders, holds, overused, areRefunds) = await Books();
        if (areRefunds || payments.Refunds.All.Count > 0)
            await refunds.Always();
        Hold(overused is null, $"{overused} has more uses than it may.");
        foreach (var row in stockNow)
        {
            Hold(row.Free >= 0 && row.Held >= 0 && row.Sold >= 0, $"{row.Sku} went negative: {row}");
            Hold(row.Free + row.Held + row.Sold == stock[row.Sku], $"{row.Sku} lost or gained stock: {row}");
        }

        // What bounced is with the shop for as long as it takes to see it; at rest it is not.
        foreach (var payment in payments.Ledger.Values.Where(payment => payment.State == PaymentState.Captured && IsBuyers(payment)))
        {
            var order = orders.Find(order => order.PaymentId == payment.Id && order.State == "placed");
            Hold(order is not null && order.Total == payment.Captured && order.CheckoutId == payment.Reference, $"Captured without its order: {payment}");
        }

        // Whatever still comes of a step after its undo was done must find it undone.
        var retaken = undone.Holds.FirstOrDefault(key => holds.GetValueOrDefault(key)?.State is "held" or "sold");
        Hold(retaken is null, $"Stock that was released is held or sold again: {retaken}");
        var revived = orders.Find(order => order.State != "cancelled" && undone.Orders.Contains(order.OrderId));
        Hold(revived is null, $"A cancelled order was placed after all: {revived}");

        // Stock is given back after its money, never before: a buyer whose money is held could find it sold to somebody else.
        foreach (var payment in payments.Ledger.Values.Where(IsBuyers))
            Hold(holds.GetValueOrDefault(payments.HoldOf(payment))?.State != "released", $"Money is held and its stock was given away: {payment}");

        // Where nothing went wrong, no hold ends while its buyer pays: only an outage can outlast it.
        var struck = faults.Struck.Select(pair => pair.Checkout).ToHashSet();
        foreach (var payment in payments.Ledger.Values.Where(payment => IsBuyers(payment) || payment.State == PaymentState.ActionRequired))
        {
            var hold = holds.GetValueOrDefault(payments.HoldOf(payment));
            Hold(
                struck.Contains(payments.CheckoutOf(payment)) || Ended.Contains(payments.CheckoutOf(payment)) || hold?.State == "sold" || (hold?.State == "held" && hold.ExpiresAt > clock.GetUtcNow().ToUnixTimeMilliseconds()),
                $"A buyer pays and the hold has ended: {payment}, {hold}");
        }

        foreach (var checkout in orders.Where(order => order.State != "cancelled").GroupBy(order => order.CheckoutId))
            Hold(checkout.Count() == 1, $"{checkout.Key} has {checkout.Count()} orders.");
        foreach (var checkout in payments.Ledger.Values.Where(IsBuyers).GroupBy(payment => payment.Reference))
            Hold(checkout.Count() == 1, $"{checkout.Key} has {checkout.Count()} live payments: {string.Join("; ", checkout)}");
    }

    /// <summary>What an ended checkout held was given back before anybody was told that it has ended; no sweep is needed for that.</summary>
    public async Task EndedHoldNothing()
    {
        var holds = (await Books()).Holds;
        foreach (var hold in holds.Values.Where(hold => hold.State == "held"))
        {
            var session = (await sessions.Find(hold.CheckoutId, CancellationToken.None))!.Document;
            Hold(Ended.Contains(hold.CheckoutId) || !session.IsClosed, $"{hold.CheckoutId} is {session.Status} and stock is held for it: {hold}");
        }
    }

    /// <param name="paymentsAsked">How often a checkout was asked to pay.</param>
    /// <param name="ended">Checkouts whose orchestration somebody ended; all else holds for them, too.</param>
    public async Task AtRest(IReadOnlyList<string> checkoutIds, Func<string, int> paymentsAsked, IReadOnlySet<string>? ended = null)
    {
        await Always();
        // First, because where one broke off the rest only follows from that.
        foreach (var id in checkoutIds)
        {
            var instance = instances.Find(id);
            var wanted = ended?.Contains(id) == true ? OrchestrationRuntimeStatus.Terminated : OrchestrationRuntimeStatus.Completed;
            Hold(instance?.Status == wanted, $"{id} has not ended: {instance?.Status} {instance?.Output} {instance?.CustomStatus}");
        }

        await refunds.AtRest();
        var (stockNow, orders, _, _, _) = await Books();
        var discounted = 0;
        foreach (var id in checkoutIds)
        {
            var session = (await sessions.Find(id, CancellationToken.None))!.Document;
            Hold(session.IsClosed, $"{id} is shown as {session.Status} at the end.");
            var order = orders.Find(order => order.CheckoutId == id && order.State == "placed");
            Hold(session.Status == CheckoutStatus.Completed == order is not null, $"{id} is shown as {session.Status}, its order is {order}");
            Hold(payments.AttemptsOf(id) <= paymentsAsked(id), $"{id} was asked to pay {paymentsAsked(id)} times and began {payments.AttemptsOf(id)} payments.");
            discounted += session.Status == CheckoutStatus.Completed && session.Discounts.Any(discount => discount.Code == WorldDatabases.SingleUseCode) ? 1 : 0;
            Hold(order is null || (session.OrderId == order.OrderId && session.GrandTotal == order.Total), $"{id} shows {session.OrderId}, {session.GrandTotal}; its order is {order}");
        }

        Hold(discounted <= 1, $"{discounted} orders paid less by one use of {WorldDatabases.SingleUseCode}.");

        foreach (var order in orders.Where(order => order.State == "placed"))
        {
            var payment = payments.Ledger.GetValueOrDefault(order.PaymentId);
            Hold(!payments.Mismatched.Contains(order.PaymentId), $"An order rests on a payment that isn't the one asked for: {order}, {payment}");
            Hold(payment is { State: PaymentState.Captured or PaymentState.Refunded } && payment.Captured == order.Total, $"Order without its money: {order}, {payment}");
            Hold(taxes.Documents.TryGetValue(order.OrderId, out var document) && document.Tax == order.Tax, $"Order without its tax document: {order}");
        }

        foreach (var payment in payments.Ledger.Values.Where(IsLive))
            Hold(payment.State == PaymentState.Captured && !payments.Refunds.Bounced.ContainsKey(payment.Id), $"Money is still held: {payment}");
        foreach (var row in stockNow)
            Hold(row.Held == 0, $"Stock is still held: {row}");
    }

    /// <summary>Losing nothing is easy for a shop that sells nothing: a good card is never declined, and where nothing went wrong nothing is down.</summary>
    public static void Fair(CommandAnswer answer, string? card, bool calm)
    {
        Hold(answer.Code != AnswerCode.CardDeclined || card is not (Cards.Good or Cards.Lapses), $"A good card was declined: {answer.CommandKey}, {answer.Detail}");
        // An operator's word alone ends this one; everything else must be nobody's fault.
        if (card is Cards.OtherAmount or Cards.OtherCurrency or Cards.OtherReference)
        {
            Hold(answer.Code is not AnswerCode.Ok and not AnswerCode.PaymentUnavailable || !calm, $"A payment that isn't ours was answered {answer.Code}: {answer.CommandKey}");
            return;
        }

        Hold(
            !calm || card == Cards.Lapses || IsMismatch(answer) || answer.Code is not (AnswerCode.PaymentUnavailable or AnswerCode.StoreUnavailable or AnswerCode.ShippingUnavailable
                or AnswerCode.TaxUnavailable or AnswerCode.NeedsAttention),
            $"Nothing went wrong, and yet {answer.CommandKey} was answered {answer.Code}: {answer.Detail}");
    }

    /// <summary>The provider's payment wasn't the one that was asked for, and everybody is told so.</summary>
    public static bool IsMismatch(CommandAnswer answer) =>
        answer.Code == AnswerCode.NeedsAttention && answer.Session.Messages.Any(message => message.Code == "payment_mismatch");

    private static bool IsLive(Payment payment) => payment.State is PaymentState.Authorized or PaymentState.Captured;

    /// <summary>Live, and not because its refund bounced.</summary>
    private bool IsBuyers(Payment payment) => IsLive(payment) && !payments.Refunds.Bounced.ContainsKey(payment.Id);

    private static void Hold(bool condition, string violation)
    {
        if (!condition)
            throw new InvariantException(violation);
    }

    private Task<BookRows> Books() => shop.Read(async connection =>
    {
        await using var rows = await connection.QueryMultipleAsync(
            """
            SELECT sku, free, held, sold FROM stock;
            SELECT order_id AS OrderId, checkout_id AS CheckoutId, state AS State, payment_id AS PaymentId, grand_total AS Total, tax_cost AS Tax FROM orders;
            SELECT hold_key AS HoldKey, checkout_id AS CheckoutId, state AS State, expires_at AS ExpiresAt FROM holds;
            SELECT d.code FROM discounts d WHERE d.max_uses < (
                SELECT COUNT(*) FROM hold_codes c JOIN holds h ON h.hold_key = c.hold_key WHERE c.code = d.code AND h.state IN ('held', 'sold'));
            SELECT EXISTS (SELECT 1 FROM refunds)
            """);
        var books = new BookRows(
            (await rows.ReadAsync<StockRow>()).ToList(),
            (await rows.ReadAsync<OrderRow>()).ToList(),
            (await rows.ReadAsync<HoldRow>()).ToDictionary(row => row.HoldKey),
            (await rows.ReadAsync<string>()).FirstOrDefault(),
            await rows.ReadSingleAsync<long>() > 0);
        AnyHeld = books.Stock.Exists(row => row.Held > 0);
        return books;
    });

    /// <param name="Overused">A discount code with more uses held or sold than it has; null: none.</param>
    private sealed record BookRows(List<StockRow> Stock, List<OrderRow> Orders, Dictionary<string, HoldRow> Holds, string? Overused, bool AreRefunds);

    private sealed record HoldRow(string HoldKey, string CheckoutId, string State, long ExpiresAt);

    private sealed record StockRow(string Sku, long Free, long Held, long Sold);

    private sealed record OrderRow(string OrderId, string CheckoutId, string State, string PaymentId, long Total, long Tax);
}

internal sealed class InvariantException(string violation) : Exception(violation);
