using CheckoutFunctions.Domain;
using CheckoutFunctions.Emails;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Receipts;
using CheckoutFunctions.Refunds;
using CheckoutFunctions.Retention;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Reconciliation;
using Dapper;
using Simulation;

namespace CheckoutFunctions.Tests.Retention;

/// <summary>Ada, who bought, wants to be forgotten; Ada is everybody's name in these worlds.</summary>
public sealed class CustomerErasureTests : IAsyncLifetime
{
    private const string Ada = "ada@example.com";

    private readonly Postbox postbox = new();

    private ReconciledShop shop = null!;

    [Fact]
    public async Task Sessions_histories_answers_and_emails_go_and_the_order_stays_with_its_address()
    {
        await shop.Pay("chk_1");
        var order = (await shop.OrderOf("chk_1"))!;
        await postbox.Send(new("receipt", order.OrderId), new(Ada, "Receipt", "Paid"), default);
        await postbox.Send(new("reminder", "chk_1"), new(Ada, "Cart", "Come back"), default);
        var poison = new PoisonMessages(shop.Database, shop.Clock);
        var message = $$"""{"OrderId":"{{order.OrderId}}","CheckoutId":"chk_1"}""";
        await poison.NoteFailure("order-placed", message, new IOException($"{Ada} is not known here."), default);
        await poison.Store("order-placed", message, default);
        await shop.Ready("chk_2");
        await shop.Cancel("chk_2");
        await shop.Pass();

        var report = await Erase();

        Assert.Equal((2, 2, 1, 0, true), (report.Checkouts, report.Orchestrations, report.Orders, report.Left.Count, report.Complete));
        Assert.Empty(postbox.Taken);
        Assert.Null(Assert.Single(await poison.List(10, null, default)).Error);
        foreach (var id in new[] { "chk_1", "chk_2" })
        {
            Assert.Null(await shop.Client.GetInstanceAsync(id));
            var session = (await shop.Sessions.Find(id, default))!;
            Assert.DoesNotContain(Ada, Json.Write(session), StringComparison.Ordinal);
            Assert.DoesNotContain("Main St", Json.Write(session), StringComparison.Ordinal);
            Assert.Equal(("CA", "90210", "US"), (session.Document.ShippingAddress!.State, session.Document.ShippingAddress.Zip, session.Document.ShippingAddress.Country));
        }

        Assert.Equal(CheckoutStatus.Completed, (await shop.Session("chk_1")).Status);
        var stored = (await shop.Orders.Find(order.OrderId, default))!.Order;
        Assert.Equal((null, "1 Main St", order.Total), (stored.Email, stored.ShipTo.Line1, stored.GrandTotal));
    }

    [Fact]
    public async Task A_receipt_that_is_just_being_sent_is_waited_for()
    {
        await shop.Pay("chk_1");
        var order = (await shop.OrderOf("chk_1"))!;
        await shop.Pass();
        var during = default(ErasureReport);

        await new SentEmails(shop.Database, postbox, shop.Clock).Send(
            new("receipt", order.OrderId),
            async () =>
            {
                during = await Erase();
                return new(Ada, "Receipt", "Paid");
            },
            default);

        Assert.Equal(("chk_1", "Its receipt is being sent; ask again in a minute."), Assert.Single(during!.Left) is var left ? (left.CheckoutId, left.Why) : default);
        Assert.NotEmpty(postbox.Taken);
        Assert.True((await Erase()).Complete);
        Assert.Empty(postbox.Taken);
    }

    [Fact]
    public async Task Asked_again_nothing_is_left_to_do_but_the_orders_addresses_if_they_are_asked_for_now()
    {
        await shop.Pay("chk_1");
        var order = (await shop.OrderOf("chk_1"))!.OrderId;
        await shop.Pass();
        await Erase();

        var again = await Erase();
        Assert.Equal((1, 0, 1), (again.Checkouts, again.Orchestrations, again.Orders));
        Assert.Equal("1 Main St", (await shop.Orders.Find(order, default))!.Order.ShipTo.Line1);

        await Erase(addresses: true);

        Assert.Equal(OrderArchive.Erased, (await shop.Orders.Find(order, default))!.Order.ShipTo.Line1);
        Assert.Empty((await Erase("grace@example.com")).Left);
    }

    [Fact]
    public async Task What_goes_on_is_left_and_named_and_erased_once_it_has_ended()
    {
        await shop.Ready("chk_open");
        await shop.Pay("chk_just");
        await shop.Pay("chk_watched");
        await new RefundClient(shop.Refunds, shop.Orders, shop.Sessions).Request(
            shop.Client, new("ref_1", (await shop.OrderOf("chk_watched"))!.OrderId, 100, "a dent", null, null, "body"), default);
        await shop.Settle();

        var early = await Erase("ADA@example.com");

        Assert.Equal(["chk_just", "chk_open", "chk_watched"], early.Left.Select(left => left.CheckoutId));
        Assert.Equal(["It ended", "It is st", "The orch"], early.Left.Select(left => left.Why[..8]));
        Assert.Equal(Ada, (await shop.Session("chk_open")).Customer!.Email);
        Assert.False(early.Complete);

        await shop.Pass(TimeSpan.FromDays(32));

        var late = await Erase();
        Assert.True(late.Complete);
        Assert.Equal(3, late.Checkouts);
        Assert.Empty(await shop.Archive.Mentioning(Ada, default).ToListAsync());
    }

    [Fact]
    public async Task An_open_refund_and_a_history_that_was_cut_off_come_first()
    {
        await shop.Pay("chk_refunded");
        await shop.Refunds.Request(new("ref_1", (await shop.OrderOf("chk_refunded"))!.OrderId, 100, "a dent", null, null, "body"), default);
        await shop.Ready("chk_cut");
        await shop.Terminate("chk_cut");
        await shop.Pass();
        var early = await Erase();
        Assert.Equal(["It is still open", "Refund ref_1 is "], early.Left.Select(left => left.Why[..16]));

        // Reconciliation brings what was cut off to its end.
        await shop.Pass(TimeSpan.FromHours(25));
        await shop.Heal();
        await shop.Pass();
        await shop.Pass(TimeSpan.FromDays(32));

        Assert.Equal([], (await Erase()).Left);
    }

    [Fact]
    public async Task Cut_off_after_any_of_its_steps_it_is_completed_by_asking_again()
    {
        await shop.Pay("chk_1");
        var order = (await shop.OrderOf("chk_1"))!.OrderId;
        await shop.Pass();
        await shop.Client.PurgeInstanceAsync("chk_1");
        await new OrderArchive(shop.Database).Erase(order, address: false, default);

        var report = await Erase(addresses: true);

        Assert.Equal((1, 0, 1, true), (report.Checkouts, report.Orchestrations, report.Orders, report.Complete));
        Assert.Empty(await shop.Archive.Mentioning(Ada, default).ToListAsync());
        Assert.Equal(OrderArchive.Erased, (await shop.Orders.Find(order, default))!.Order.ShipTo.Line1);
    }

    [Fact]
    public async Task The_order_of_a_checkout_that_was_forgotten_is_found_by_itself_and_still_refunded()
    {
        await shop.Pay("chk_1");
        var order = (await shop.OrderOf("chk_1"))!.OrderId;
        await shop.Pass(TimeSpan.FromDays(30));
        await new OldCheckouts(shop.Sessions, shop.Archive, new(shop.Database), new(shop.Refunds), shop.Clock).Forget(shop.Client, TimeSpan.FromDays(30), 10, default);

        Assert.Equal((0, 1), await Erase() is var report ? (report.Checkouts, report.Orders) : default);

        Assert.Null((await shop.Orders.Find(order, default))!.Order.Email);
        var refund = await new RefundClient(shop.Refunds, shop.Orders, shop.Sessions).Request(shop.Client, new("ref_1", order, 100, "a dent", null, null, "body"), default);
        Assert.Equal(RefundGateOutcome.Accepted, refund!.Outcome);
        await shop.Settle();
        Assert.Equal(100, shop.PaymentOf("chk_1").Refunded);
    }

    [Fact]
    public async Task It_is_recorded_who_asked_and_when_and_not_for_whom()
    {
        await shop.Pay("chk_1");
        await shop.Pass();

        var report = await Erase();

        var (hash, by, at, text) = await shop.Database.Read(connection =>
            connection.QuerySingleAsync<(string, string, long, string)>("SELECT email_hash, asked_by, asked_at, report FROM erasures"));
        Assert.Equal((report.EmailHash, "Grace", shop.Clock.GetUtcNow().ToUnixTimeMilliseconds(), Json.Write(report)), (hash, by, at, text));
        Assert.DoesNotContain("ada", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Reconciliation_finds_nothing_wrong_with_what_was_erased()
    {
        await shop.Pay("chk_1");
        await shop.Pay("chk_2", Cards.Declined);
        await shop.Cancel("chk_2");
        await shop.Pass();
        await Erase();

        var report = await shop.Heal();

        Assert.Empty(report.All);
        Assert.Equal(0, report.PaymentsOfOthersCount);
        await shop.IsSold("chk_1");
    }

    private Task<ErasureReport> Erase(string email = Ada, bool addresses = false) =>
        new CustomerErasure(shop.Sessions, shop.Archive, new(shop.Database), new(shop.Refunds), postbox, new(shop.Database, postbox, shop.Clock), new(shop.Database, shop.Clock), new(shop.Database, shop.Clock), shop.Clock)
            .Erase(shop.Client, email, addresses, "Grace", default);

    public async Task InitializeAsync() => shop = await ReconciledShop.Open();

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }
}
