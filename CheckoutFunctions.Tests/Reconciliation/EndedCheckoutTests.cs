using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Reconciliation;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Taxes;
using Simulation;

namespace CheckoutFunctions.Tests.Reconciliation;

/// <summary>Somebody ended an orchestration in the middle: what it left is put right, by what the orders' database says.</summary>
public sealed class EndedCheckoutTests
{
    [Fact]
    public async Task Money_that_was_held_when_it_was_terminated_goes_back_then_its_stock_then_the_buyer_is_told()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Good, nameof(PlaceOrder));
        Assert.Equal((PaymentState.Authorized, (2L, 0L)), (shop.PaymentOf("chk_1").State, await shop.Tea()));
        await shop.Terminate("chk_1");
        await shop.Pass();

        var report = await shop.Heal();

        var orphan = Assert.Single(report.OrphanAuthorizations);
        Assert.Equal(("chk_1", "pi_1", true, "void the payment"), (orphan.CheckoutId, orphan.PaymentId, orphan.Healed, orphan.Deed));
        Assert.Equal((shop.PaymentOf("chk_1").Amount, "USD"), (orphan.Amount, orphan.Currency));
        Assert.True(Assert.Single(report.StaleHolds).Healed);
        Assert.True(Assert.Single(report.StuckCheckouts).Healed);
        await shop.IsUndone("chk_1");
        await shop.Pass();
        Assert.Empty((await shop.Heal()).All);
    }

    [Fact]
    public async Task Who_only_looks_changes_nothing_and_is_told_what_would_be_done()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Good, nameof(PlaceOrder));
        await shop.Terminate("chk_1");
        await shop.Pass();

        var report = await shop.Look();

        Assert.Equal(["void the payment", "release the hold", "show it as CANCELLED"], report.All.Select(finding => finding.Deed));
        Assert.All(report.All, finding => Assert.Null(finding.Healed));
        Assert.Equal((PaymentState.Authorized, (2L, 0L), CheckoutStatus.Paying), (shop.PaymentOf("chk_1").State, await shop.Tea(), (await shop.Session("chk_1")).Status));
    }

    [Fact]
    public async Task Until_what_was_sent_off_has_had_its_time_nothing_is_touched()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Good, nameof(PlaceOrder));
        await shop.Pass(TimeSpan.FromMinutes(9));
        await shop.Pay("chk_2", Cards.Good, nameof(PlaceOrder));
        await shop.Terminate("chk_2");
        await shop.Pass(TimeSpan.FromMinutes(9));

        Assert.Empty((await shop.Heal()).All);

        Assert.Equal(PaymentState.Authorized, shop.PaymentOf("chk_2").State);
    }

    [Fact]
    public async Task A_placed_order_whose_money_was_not_yet_taken_is_paid_and_finished()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Good, nameof(CapturePayment));
        await shop.Terminate("chk_1");
        await shop.Pass();

        var report = await shop.Heal();

        var unpaid = Assert.Single(report.OrdersWithoutCapture);
        Assert.Equal(("capture the payment", true, "pi_1"), (unpaid.Deed, unpaid.Healed, unpaid.PaymentId));
        await shop.IsSold("chk_1");
        await shop.Pass();
        Assert.Empty((await shop.Heal()).All);
    }

    [Fact]
    public async Task A_paid_order_whose_buyer_was_not_told_is_finished()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Ready("chk_1");
        await shop.Pay("chk_2", Cards.Good, nameof(CapturePayment));
        shop.Down.Clear();
        shop.Down.Add(nameof(SaveSession));
        await shop.Pass(TimeSpan.FromMinutes(30));
        Assert.Equal((PaymentState.Captured, CheckoutStatus.Paying), (shop.PaymentOf("chk_2").State, (await shop.Session("chk_2")).Status));
        await shop.Terminate("chk_2");
        await shop.Pass();

        var report = await shop.Heal();

        Assert.Equal("show it as COMPLETED, record its tax and publish its order", Assert.Single(report.All).Deed);
        await shop.IsSold("chk_2");
        Assert.Equal(CheckoutStatus.MethodSelected, (await shop.Session("chk_1")).Status);
    }

    [Fact]
    public async Task What_follows_a_sale_is_done_where_it_was_cut_off()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Good, nameof(RecordTax));
        Assert.Equal(CheckoutStatus.Completed, (await shop.Session("chk_1")).Status);
        await shop.Terminate("chk_1");
        await shop.Pass();

        Assert.True(Assert.Single((await shop.Heal()).StuckCheckouts).Healed);

        await shop.IsSold("chk_1");
        await shop.Pass();
        Assert.Empty((await shop.Heal()).All);
    }

    [Fact]
    public async Task An_undo_that_was_cut_off_between_the_money_and_the_order_is_brought_to_its_end()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Lapses, nameof(CancelOrder));
        Assert.Equal(PaymentState.Voided, shop.PaymentOf("chk_1").State);
        Assert.NotNull(await shop.OrderOf("chk_1"));
        await shop.Terminate("chk_1");
        await shop.Pass();

        Assert.True(Assert.Single((await shop.Heal()).OrdersWithoutCapture).Healed);

        await shop.IsUndone("chk_1");
        await shop.Pass();
        Assert.Empty((await shop.Heal()).All);
    }

    [Fact]
    public async Task An_order_whose_buyer_was_told_and_whose_money_is_gone_is_only_reported()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1");
        await shop.Payments.Void(new("by hand", "pi_1"), default);
        await shop.Pass();

        var unpaid = Assert.Single((await shop.Heal()).All);

        Assert.Equal((FindingKind.OrderWithoutCapture, false, null), (unpaid.Kind, unpaid.Healed, unpaid.Deed));
        Assert.NotNull(unpaid.WhyNot);
        Assert.NotNull(await shop.OrderOf("chk_1"));
    }

    [Fact]
    public async Task A_payment_that_waits_for_the_bank_is_ended_before_its_buyer_can_confirm_it()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.ThreeDSecure);
        await shop.Terminate("chk_1");
        await shop.Pass();

        await shop.Heal();

        shop.Payments.AnswerThreeDSecure("chk_1", approve: true);
        await shop.IsUndone("chk_1");
    }

    [Fact]
    public async Task Money_that_turns_up_for_a_cancelled_checkout_goes_back()
    {
        using var shop = await ReconciledShop.Open();
        foreach (var id in new[] { "chk_1", "chk_2" })
        {
            await shop.Ready(id);
            await shop.Cancel(id);
            await shop.Payments.Create(new($"{id}:9:create", id, new Money(500, "USD"), Cards.Good), default);
            await shop.Payments.Authorize(new("by hand", shop.PaymentOf(id).Id), default);
        }

        await shop.Payments.Capture(new("by hand", "pi_2", new Money(500, "USD")), default);
        await shop.Pass();

        var report = await shop.Heal();

        Assert.Equal(("chk_1", true), (Assert.Single(report.OrphanAuthorizations).CheckoutId, report.OrphanAuthorizations[0].Healed));
        Assert.Equal(("chk_2", true), (Assert.Single(report.CapturesWithoutOrder).CheckoutId, report.CapturesWithoutOrder[0].Healed));
        Assert.Equal((PaymentState.Voided, PaymentState.Refunded), (shop.PaymentOf("chk_1").State, shop.PaymentOf("chk_2").State));
    }

    [Fact]
    public async Task A_second_payment_beside_the_orders_own_goes_back_and_the_orders_own_stays()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1");
        await shop.Payments.Create(new("chk_1:9:create", "chk_1", new Money(500, "USD"), Cards.Good), default);
        await shop.Payments.Authorize(new("by hand", "pi_2"), default);
        await shop.Pass();

        Assert.Equal("pi_2", Assert.Single((await shop.Heal()).All).PaymentId);

        Assert.Equal((PaymentState.Captured, PaymentState.Voided), (shop.Payments.Ledger["pi_1"].State, shop.Payments.Ledger["pi_2"].State));
    }

    [Fact]
    public async Task What_comes_late_to_a_checkout_that_was_closed_places_and_takes_nothing()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Good, nameof(PlaceOrder));
        await shop.Terminate("chk_1");
        await shop.Pass();
        await shop.Heal();

        var late = new ReserveInventory("chk_1:2:hold", "chk_1", [new("TEA-100", 2, 1250)], shop.Clock.GetUtcNow().AddMinutes(15));
        Assert.Equal(ReservationOutcome.Released, (await shop.Stock.Reserve(late, default)).Outcome);
        Assert.Equal((0, 0), await shop.Tea());
    }

    [Fact]
    public async Task Healing_twice_at_once_gives_back_once()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Good, nameof(PlaceOrder));
        await shop.Terminate("chk_1");
        await shop.Pass();

        var reports = await Task.WhenAll(
            shop.Reconciler.Look(shop.Client, heal: true, default), shop.Reconciler.Look(shop.Client, heal: true, default));
        await shop.Settle();

        Assert.All(reports.SelectMany(report => report.All), finding => Assert.True(finding.Healed, finding.WhyNot));
        await shop.IsUndone("chk_1");
    }

    [Fact]
    public async Task While_the_provider_is_away_its_part_says_so_and_no_stock_is_given_away_under_its_money()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Good, nameof(PlaceOrder));
        await shop.Terminate("chk_1");
        await shop.Insert("chk_2");
        await shop.Pass();
        shop.Provider.IsAway = true;

        var report = await shop.Heal();

        Assert.StartsWith("payments: ", Assert.Single(report.Unavailable), StringComparison.Ordinal);
        Assert.Equal("chk_2", Assert.Single(report.All).CheckoutId);
        Assert.Equal((2, 0), await shop.Tea());
        shop.Provider.IsAway = false;
        await shop.Heal();
        await shop.IsUndone("chk_1");
    }
}
