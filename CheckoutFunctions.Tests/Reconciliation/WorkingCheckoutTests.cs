using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Reconciliation;
using CheckoutFunctions.Refunds;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Taxes;
using Dapper;
using Simulation;

namespace CheckoutFunctions.Tests.Reconciliation;

/// <summary>Checkouts whose orchestration goes on are left to it; what never began is begun, and what takes too long is shown.</summary>
public sealed class WorkingCheckoutTests
{
    [Fact]
    public async Task A_healthy_shop_has_nothing_to_report()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Ready("chk_1");
        await shop.Pay("chk_2");
        await shop.Pay("chk_3", Cards.Declined);
        await shop.Ready("chk_4");
        await shop.Cancel("chk_4");
        await shop.Pay("chk_5", Cards.Lapses);
        var order = (await shop.OrderOf("chk_2"))!;
        await new RefundClient(shop.Refunds, shop.Orders, shop.Sessions).Request(shop.Client, new("ref_1", order.OrderId, 100, "a dent", null, null, "body"), default);
        await shop.Settle();

        foreach (var pass in new[] { TimeSpan.Zero, TimeSpan.FromMinutes(20), TimeSpan.FromHours(20), TimeSpan.FromHours(10), TimeSpan.FromDays(5) })
        {
            await shop.Pass(pass);
            var report = await shop.Heal();
            Assert.Empty(report.All);
            Assert.True(report.Complete);
            Assert.Empty(report.Unavailable);
        }
    }

    [Theory]
    [InlineData(nameof(PlaceOrder), 0)]
    [InlineData(nameof(CapturePayment), 40)]
    public async Task A_saga_at_work_is_left_alone_whatever_it_holds(string down, int minutes)
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Good, down);
        await shop.Pass(TimeSpan.FromMinutes(minutes));
        Assert.Equal(PaymentState.Authorized, shop.PaymentOf("chk_1").State);

        Assert.Empty((await shop.Heal()).All);

        Assert.Equal(PaymentState.Authorized, shop.PaymentOf("chk_1").State);
        shop.Down.Clear();
        await shop.Pass(TimeSpan.FromHours(1));
        await shop.IsSold("chk_1");
    }

    [Fact]
    public async Task One_that_has_been_paying_for_too_long_is_shown_and_not_touched()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Good, nameof(CapturePayment));
        await shop.Pass(TimeSpan.FromHours(2));

        var stuck = Assert.Single((await shop.Heal()).All);

        Assert.Equal((FindingKind.StuckCheckout, "chk_1", false, null), (stuck.Kind, stuck.CheckoutId, stuck.Healed, stuck.Deed));
        Assert.Contains("'paying'", stuck.Problem, StringComparison.Ordinal);
        Assert.Equal(PaymentState.Authorized, shop.PaymentOf("chk_1").State);
    }

    [Fact]
    public async Task One_that_is_parked_is_shown_with_its_reason()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.OtherAmount);
        await shop.Pass();

        var stuck = Assert.Single((await shop.Heal()).All);

        Assert.Contains("needs attention: Payment pi_1 was to be", stuck.Problem, StringComparison.Ordinal);
        Assert.Contains("/api/operations/checkouts/chk_1/retry", stuck.WhyNot, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_whose_tax_cannot_be_recorded_for_a_day_is_shown_though_its_session_is_closed()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.Good, nameof(RecordTax));
        await shop.Pass(TimeSpan.FromHours(26));

        Assert.Contains("'finishing'", Assert.Single((await shop.Heal()).StuckCheckouts).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_not_told_what_the_bank_said_is_told_to_look_again()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1", Cards.ThreeDSecure);
        shop.Payments.AnswerThreeDSecure("chk_1", approve: true);
        await shop.Pass();

        var stuck = Assert.Single((await shop.Heal()).All);

        Assert.Equal(("tell it to look again", true), (stuck.Deed, stuck.Healed));
        await shop.IsSold("chk_1");
    }

    [Fact]
    public async Task One_that_was_never_started_is_started()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Insert("chk_1");
        Assert.Empty((await shop.Heal()).All);
        await shop.Pass();

        Assert.Equal("start it", Assert.Single((await shop.Heal()).StuckCheckouts).Deed);

        Assert.True((await shop.Client.GetInstanceAsync("chk_1", default))!.IsRunning);
        Assert.Empty((await shop.Heal()).All);
    }

    [Fact]
    public async Task A_refund_that_was_never_started_is_started()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1");
        var order = (await shop.OrderOf("chk_1"))!.OrderId;
        await shop.Refunds.Request(new("ref_1", order, 100, "a dent", null, null, "body"), default);
        Assert.Empty((await shop.Heal()).All);
        await shop.Pass();

        var stuck = Assert.Single((await shop.Heal()).StuckRefunds);

        Assert.Equal(("ref_1", 100, true), (stuck.RefundId, stuck.Amount, stuck.Healed));
        Assert.Equal((RefundStatus.Refunded, 100), ((await shop.Refunds.Find(order, "ref_1", default))!.Status, shop.PaymentOf("chk_1").Refunded));
    }

    [Fact]
    public async Task A_refund_that_somebody_terminated_is_shown()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Pay("chk_1");
        var order = (await shop.OrderOf("chk_1"))!.OrderId;
        shop.Down.Add(nameof(RefundPayment));
        await new RefundClient(shop.Refunds, shop.Orders, shop.Sessions).Request(shop.Client, new("ref_1", order, 100, "a dent", null, null, "body"), default);
        await shop.Settle();
        await shop.Terminate(RefundState.InstanceOf(order, "ref_1"));
        await shop.Pass();

        Assert.Equal(("ref_1", false), Assert.Single((await shop.Heal()).StuckRefunds) is var stuck ? (stuck.RefundId, stuck.Healed) : default);
    }

    [Fact]
    public async Task Stock_that_is_held_beyond_its_time_is_given_back()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Ready("chk_1");
        await shop.Stock.Reserve(new("chk_1:1:hold", "chk_1", [new("TEA-100", 2, 1250)], shop.Clock.GetUtcNow().AddMinutes(15)), default);
        await shop.Pass(TimeSpan.FromMinutes(20));
        Assert.Empty((await shop.Heal()).All);
        await shop.Pass();

        var stale = Assert.Single((await shop.Heal()).StaleHolds);

        Assert.Equal(("chk_1:1:hold", true), (stale.HoldKey, stale.Healed));
        Assert.Equal((0, 0), await shop.Tea());
        Assert.True((await shop.Client.GetInstanceAsync("chk_1", default))!.IsRunning);
    }

    [Fact]
    public async Task Payments_of_another_shop_on_the_same_account_are_counted_and_never_touched()
    {
        using var shop = await ReconciledShop.Open();
        await shop.Payments.Create(new("chk_elsewhere:1:create", "chk_elsewhere", new Money(500, "USD"), Cards.Good), default);
        await shop.Payments.Authorize(new("by hand", "pi_1"), default);
        await shop.Pass();

        var report = await shop.Heal();

        Assert.Empty(report.All);
        Assert.Equal((1, "pi_1", "chk_elsewhere"), (report.PaymentsOfOthersCount, report.PaymentsOfOthers[0].PaymentId, report.PaymentsOfOthers[0].Reference));
        Assert.Equal(PaymentState.Authorized, shop.Payments.Ledger["pi_1"].State);
        Assert.Empty(shop.Provider.Voided);
    }
}
