using CheckoutFunctions.Domain;
using CheckoutFunctions.Emails;
using CheckoutFunctions.Reminders;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Database;
using CheckoutFunctions.Tests.Retention;
using CheckoutFunctions.Tests.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Reminders;

public abstract class AbandonedCheckoutTests : IAsyncLifetime
{
    private readonly Func<Task<TestSessions>> open;
    private readonly Sql sql;
    private readonly Postbox postbox = new();

    private TestSessions sessions = null!;
    private TestShop shop = null!;

    private protected AbandonedCheckoutTests(Func<Task<TestSessions>> open, Sql sql) => (this.open, this.sql) = (open, sql);

    [StoreFact]
    public async Task Who_left_is_reminded_once_after_an_hour_with_a_way_back()
    {
        await Begin("chk_1");
        await Pass(TimeSpan.FromMinutes(59));
        await Look();
        Assert.Empty(postbox.Taken);

        await Pass(TimeSpan.FromMinutes(1));
        await Look();
        await Look();
        await Pass(TimeSpan.FromHours(3));
        await Look();

        var (key, email) = Assert.Single(postbox.Taken);
        Assert.Equal(("reminder.chk_1", "ada@example.com", "Your cart at Tea shop"), (key.ToString(), email.To, email.Subject));
        Assert.Contains("\nhttps://tea.example/checkout?checkout=chk_1\n", email.Text, StringComparison.Ordinal);
        Assert.Contains("  2 × Assam tea, 100 g\n", email.Text, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task Of_several_hosts_that_look_at_once_one_reminds()
    {
        for (var i = 0; i < 5; i++)
            await Begin($"chk_{i}");
        await Pass(TimeSpan.FromHours(1));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Look())));

        Assert.Equal(["chk_0", "chk_1", "chk_2", "chk_3", "chk_4"], postbox.Taken.Select(one => one.Key.SubjectId).Order(StringComparer.Ordinal));
    }

    [StoreFact]
    public async Task Nobody_is_reminded_of_what_is_paid_cancelled_expired_at_work_unsigned_or_too_late()
    {
        await Begin("chk_late", expires: TimeSpan.FromMinutes(70));
        foreach (var status in Enum.GetValues<CheckoutStatus>().Except([CheckoutStatus.Cart, CheckoutStatus.AddressCollected, CheckoutStatus.MethodSelected]))
            await Begin($"chk_{status}", status);
        await Begin("chk_nobody", customer: null);
        await Begin("chk_stays", CheckoutStatus.MethodSelected);
        await Begin("chk_address", CheckoutStatus.AddressCollected);
        await Pass(TimeSpan.FromMinutes(50));
        await sessions.Store.Save(new(Document("chk_stays", 3, CheckoutStatus.MethodSelected)), default);
        await Pass(TimeSpan.FromMinutes(10));

        await Look();

        Assert.Equal(["chk_address"], postbox.Taken.Select(one => one.Key.SubjectId));
    }

    [StoreFact]
    public async Task Who_left_more_than_a_day_ago_is_left_in_peace()
    {
        await Begin("chk_1", expires: TimeSpan.FromDays(7));
        await Pass(TimeSpan.FromHours(25) + TimeSpan.FromMinutes(1));

        await Look();

        Assert.Empty(postbox.Taken);
    }

    [StoreFact]
    public async Task What_could_not_be_sent_is_sent_at_the_next_look()
    {
        await Begin("chk_1");
        await Pass(TimeSpan.FromHours(1));
        postbox.IsFull = true;
        await Look();
        postbox.IsFull = false;

        await Look();

        Assert.Single(postbox.Taken);
    }

    [StoreFact]
    public async Task Without_a_page_to_come_back_to_nobody_is_reminded()
    {
        await Begin("chk_1");
        await Pass(TimeSpan.FromHours(1));

        await Look(new(TimeSpan.FromHours(1), null));
        await Look(new(TimeSpan.Zero, "https://tea.example/{id}"));

        Assert.Empty(postbox.Taken);
    }

    private Task Look(ReminderOptions? options = null) => new AbandonedCheckouts(
        sessions.Store, sessions.Archive, new SentEmails(shop.Database, postbox, shop.Clock), options ?? new(TimeSpan.FromHours(1), "https://tea.example/checkout?checkout={id}"),
        new ShopOptions { Name = "Tea shop" }, sessions.Clock, NullLogger<AbandonedCheckouts>.Instance).Run(new TimerInfo(), default);

    private Task Pass(TimeSpan time)
    {
        sessions.Clock.Advance(time);
        shop.Clock.Advance(time);
        return Task.CompletedTask;
    }

    private Task Begin(string id, CheckoutStatus status = CheckoutStatus.Cart, TimeSpan? expires = null) => Begin(id, new("ada@example.com"), status, expires);

    private Task Begin(string id, Customer? customer) => Begin(id, customer, CheckoutStatus.Cart, null);

    private async Task Begin(string id, Customer? customer, CheckoutStatus status, TimeSpan? expires)
    {
        var document = Document(id, 1, status) with { Customer = customer, ExpiresAt = sessions.Clock.GetUtcNow() + (expires ?? TimeSpan.FromDays(1)) };
        Assert.True(await sessions.Store.Create(TestSessions.New(id) with { Document = document }, default));
    }

    private static SessionDocument Document(string id, long version, CheckoutStatus status) => TestSessions.Document(id, version, status);

    public async Task InitializeAsync() => (sessions, shop) = (await open(), await TestShop.Open(sql));

    public Task DisposeAsync()
    {
        sessions.Dispose();
        shop.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class SqliteAbandonedCheckoutTests() : AbandonedCheckoutTests(TestSessions.OnSqlite, Sql.Sqlite);

public sealed class PostgresAbandonedCheckoutTests() : AbandonedCheckoutTests(TestSessions.OnPostgres, Sql.Postgres);

public sealed class AzuriteAbandonedCheckoutTests() : AbandonedCheckoutTests(TestSessions.OnAzurite, Sql.Sqlite);
