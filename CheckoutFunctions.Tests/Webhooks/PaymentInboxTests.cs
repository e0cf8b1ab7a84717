using CheckoutFunctions.Tests.Database;
using CheckoutFunctions.Webhooks;

namespace CheckoutFunctions.Tests.Webhooks;

public abstract class PaymentInboxTests(Sql sql) : IAsyncLifetime
{
    private static readonly PaymentEvent Approved = new("Stripe", "evt_1", "payment_intent.amount_capturable_updated", "pi_1", "chk_1");

    private TestShop shop = null!;
    private PaymentInbox inbox = null!;

    public async Task InitializeAsync()
    {
        shop = await TestShop.Open(sql);
        inbox = new PaymentInbox(shop.Database, shop.Clock);
    }

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    [StoreFact]
    public async Task An_event_is_kept_once_however_often_it_comes()
    {
        Assert.True(await inbox.Store(Approved, default));
        Assert.True(await inbox.Store(Approved, default));
        await inbox.Told(Approved, default);
        Assert.False(await inbox.Store(Approved, default));

        Assert.Equal(1, await shop.Ask<int>("SELECT COUNT(*) FROM payment_events"));
    }

    [StoreFact]
    public async Task The_same_id_of_another_provider_is_another_event()
    {
        await inbox.Store(Approved, default);
        await inbox.Told(Approved, default);

        Assert.True(await inbox.Store(Approved with { Provider = "Braintree" }, default));
    }

    [StoreFact]
    public async Task What_was_told_is_not_told_again()
    {
        await inbox.Store(Approved, default);
        await inbox.Told(Approved, default);

        Assert.Empty((await TakeAfter(TimeSpan.FromHours(1))).Due);
    }

    [StoreFact]
    public async Task What_was_not_told_comes_after_one_minute_then_two_then_four()
    {
        await inbox.Store(Approved, default);

        foreach (var minutes in new[] { 1, 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            Assert.Empty((await TakeAfter(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1))).Due);
            Assert.Equal([Approved], (await TakeAfter(TimeSpan.FromSeconds(1))).Due);
        }
    }

    [StoreFact]
    public async Task After_three_days_it_is_given_up_and_named_once()
    {
        await inbox.Store(Approved, default);

        var taken = await TakeAfter(TimeSpan.FromDays(3));
        Assert.Empty(taken.Due);
        Assert.Equal([Approved], taken.GivenUp);
        Assert.Empty((await TakeAfter(TimeSpan.FromDays(1))).GivenUp);
        Assert.False(await inbox.Store(Approved, default));
    }

    [StoreFact]
    public async Task Ids_are_remembered_for_a_month_and_what_waits_is_never_forgotten()
    {
        await inbox.Store(Approved, default);
        await inbox.Told(Approved, default);
        await inbox.Store(Approved with { EventId = "evt_2" }, default);

        shop.Clock.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, await inbox.Forget(default));
        shop.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await inbox.Forget(default));
        Assert.Equal("evt_2", await shop.Ask<string>("SELECT event_id FROM payment_events"));
    }

    [StoreFact]
    public async Task A_batch_takes_the_oldest_and_leaves_the_rest_for_the_next()
    {
        for (var i = 1; i <= 5; i++)
            await inbox.Store(Approved with { EventId = $"evt_{i}" }, default);
        shop.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["evt_1", "evt_2", "evt_3"], (await inbox.TakeDue(3, default)).Due.Select(payment => payment.EventId));
        Assert.Equal(["evt_4", "evt_5"], (await inbox.TakeDue(3, default)).Due.Select(payment => payment.EventId));
    }

    private Task<DueEvents> TakeAfter(TimeSpan time)
    {
        shop.Clock.Advance(time);
        return inbox.TakeDue(100, default);
    }
}

public sealed class SqlitePaymentInboxTests() : PaymentInboxTests(Sql.Sqlite);

public sealed class PostgresPaymentInboxTests() : PaymentInboxTests(Sql.Postgres);
