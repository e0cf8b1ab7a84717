using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Emails;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Receipts;
using CheckoutFunctions.Refunds;
using CheckoutFunctions.Retention;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Reconciliation;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Simulation;

namespace CheckoutFunctions.Tests.Retention;

/// <summary>Real orchestrations, a month and more later.</summary>
public sealed class OldCheckoutTests : IAsyncLifetime
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private ReconciledShop shop = null!;

    private RefundClient Desk => new(shop.Refunds, shop.Orders, shop.Sessions);

    [Fact]
    public async Task A_sold_checkout_is_forgotten_thirty_days_after_its_end_and_its_order_stays_as_it_was()
    {
        await shop.Pay("chk_1");
        var order = (await shop.OrderOf("chk_1"))!;
        await shop.Pass(Kept - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await Forget());

        await shop.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(1, await Forget());
        Assert.Null(await shop.Sessions.Find("chk_1", default));
        Assert.Null(await shop.Client.GetInstanceAsync("chk_1"));
        var stored = (await shop.Orders.Find(order.OrderId, default))!;
        Assert.Equal((OrderState.Placed, order.Total, "ada@example.com"), (stored.State, stored.Order.GrandTotal, stored.Order.Email));
        Assert.Equal(new KeptOfCheckout("", "simulated"), stored.Kept);
        Assert.Equal(0, await Forget());
    }

    [Fact]
    public async Task An_order_is_refunded_though_its_checkout_was_forgotten_and_no_refund_is_begun_again_once_its_history_is()
    {
        await shop.Pay("chk_1");
        var order = (await shop.OrderOf("chk_1"))!;
        await shop.Pass(Kept);
        await Forget();
        var wanted = new RefundRequest("ref_1", order.OrderId, 100, "a dent", null, "key", "body");

        Assert.Equal(RefundGateOutcome.Accepted, (await Desk.Request(shop.Client, wanted, default))!.Outcome);
        await shop.Settle();
        Assert.Equal(100, shop.PaymentOf("chk_1").Refunded);
        var instance = RefundState.InstanceOf(order.OrderId, "ref_1");
        await shop.Pass(TimeSpan.FromDays(31));
        Assert.True((await shop.Client.GetInstanceAsync(instance))!.IsCompleted);
        Assert.Equal(0, await Purge());
        await shop.Pass(Kept);
        Assert.Equal(1, await Purge());

        Assert.Equal(RefundGateOutcome.Repeated, (await Desk.Request(shop.Client, wanted with { RefundId = "ref_2" }, default))!.Outcome);
        await Desk.Retry(shop.Client, (await shop.Refunds.Find(order.OrderId, "ref_1", default))!, "req_again", default);

        await shop.Settle();
        Assert.Null(await shop.Client.GetInstanceAsync(instance));
        Assert.Equal(100, shop.PaymentOf("chk_1").Refunded);
    }

    [Fact]
    public async Task What_expired_what_was_cancelled_and_what_never_began_is_forgotten_and_what_goes_on_is_not()
    {
        await shop.Ready("chk_expired");
        await shop.Ready("chk_cancelled");
        await shop.Cancel("chk_cancelled");
        await shop.Insert("chk_never");
        await shop.Pass(TimeSpan.FromDays(31) + TimeSpan.FromMinutes(1));
        await shop.Ready("chk_open");
        Assert.Equal(CheckoutStatus.Expired, (await shop.Session("chk_expired")).Status);

        Assert.Equal(3, await Forget());

        Assert.Equal(["chk_open"], await shop.Sessions.KnownOf(["chk_expired", "chk_cancelled", "chk_never", "chk_open"], default));
        Assert.Equal(["chk_open"], await Instances());
    }

    [Fact]
    public async Task A_refund_is_watched_to_the_end_before_the_month_begins()
    {
        await shop.Pay("chk_1");
        await Desk.Request(shop.Client, new("ref_1", (await shop.OrderOf("chk_1"))!.OrderId, 100, "a dent", null, null, "body"), default);
        await shop.Settle();
        await shop.Pass(Kept + TimeSpan.FromDays(2));
        Assert.Equal((0, 0), (await Forget(), await Purge()));

        await shop.Pass(Kept);

        Assert.Equal(1, await Forget());
        Assert.Empty(await Instances());
    }

    [Fact]
    public async Task What_waits_for_an_operator_is_kept_however_long_that_takes()
    {
        await shop.Pay("chk_parked", Cards.Good, nameof(CapturePayment), nameof(VoidPayment));
        await shop.Ready("chk_cut");
        await shop.Client.TerminateInstanceAsync("chk_cut", "by hand", default);
        await shop.Pass(TimeSpan.FromDays(90));
        Assert.Equal(CheckoutStatus.NeedsAttention, (await shop.Session("chk_parked")).Status);

        Assert.Equal((0, 0), (await Forget(), await Purge()));

        Assert.Equal(["chk_cut", "chk_parked"], await Instances());
    }

    [Fact]
    public async Task A_refund_that_is_open_keeps_its_checkout()
    {
        await shop.Pay("chk_1");
        var order = (await shop.OrderOf("chk_1"))!;
        await shop.Refunds.Request(new("ref_1", order.OrderId, 100, "a dent", null, null, "body"), default);
        await shop.Pass(Kept + TimeSpan.FromDays(1));
        Assert.Equal(0, await Forget());

        await shop.Refunds.Save(new("ref_1", 1, RefundStatus.Failed), default);

        Assert.Equal(1, await Forget());
    }

    [Fact]
    public async Task Cut_off_between_two_of_its_steps_it_is_forgotten_at_the_next_run()
    {
        await shop.Pay("chk_1");
        await shop.Pass(Kept);
        await shop.Client.PurgeInstanceAsync("chk_1");

        Assert.Equal(1, await Forget());
        Assert.Null(await shop.Sessions.Find("chk_1", default));
    }

    [Fact]
    public async Task A_run_takes_on_so_many_and_the_next_goes_on()
    {
        for (var i = 0; i < 5; i++)
            await shop.Insert($"chk_{i}");
        await shop.Pass(TimeSpan.FromDays(31) + TimeSpan.FromMinutes(1));

        Assert.Equal((2, 2, 1, 0), (await Forget(2), await Forget(2), await Forget(2), await Forget(2)));
    }

    [Fact]
    public async Task The_timer_forgets_checkouts_messages_that_are_done_with_and_notes_of_emails_and_nothing_where_all_is_kept()
    {
        await shop.Pay("chk_1");
        var emails = new SentEmails(shop.Database, new Postbox(), shop.Clock);
        await emails.Send(new("receipt", "ord_old"), () => Task.FromResult<Email?>(new Email("ada@example.com", "Old", "Old")), default);
        var poison = new PoisonMessages(shop.Database, shop.Clock);
        await poison.Store("order-placed", "waiting", default);
        await poison.Retry((await poison.Store("order-placed", "retried", default)).Id, default);
        await shop.Pass(TimeSpan.FromDays(90));
        await emails.Send(new("receipt", "ord_new"), () => Task.FromResult<Email?>(new Email("ada@example.com", "New", "New")), default);

        await Timer(new() { Checkouts = null, Emails = null, Poison = null }).Run(new TimerInfo(), shop.Client, default);
        Assert.NotNull(await shop.Sessions.Find("chk_1", default));
        Assert.True(await emails.WasSent(new("receipt", "ord_old"), default));
        Assert.Equal(2, (await poison.List(10, null, default)).Count);

        await Timer(new()).Run(new TimerInfo(), shop.Client, default);
        Assert.Null(await shop.Sessions.Find("chk_1", default));
        Assert.Equal((false, true), (await emails.WasSent(new("receipt", "ord_old"), default), await emails.WasSent(new("receipt", "ord_new"), default)));
        Assert.Equal("waiting", Assert.Single(await poison.List(10, null, default)).Body);

        RetentionTimer Timer(RetentionOptions options) => new(Old, new(shop.Sessions, shop.Refunds, shop.Clock), emails, poison, options, NullLogger<RetentionTimer>.Instance);
    }

    private OldCheckouts Old => new(shop.Sessions, shop.Archive, new(shop.Database), new(shop.Refunds), shop.Clock);

    private Task<int> Forget(int most = 100) => Old.Forget(shop.Client, Kept, most, default);

    private Task<int> Purge() => new OldOrchestrations(shop.Sessions, shop.Refunds, shop.Clock).Purge(shop.Client, Kept, 100, default);

    private async Task<IEnumerable<string>> Instances()
    {
        var found = new List<string>();
        await foreach (var instance in shop.Client.GetAllInstancesAsync())
            found.Add(instance.InstanceId);
        return found.Order(StringComparer.Ordinal);
    }

    public async Task InitializeAsync() => shop = await ReconciledShop.Open();

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }
}
