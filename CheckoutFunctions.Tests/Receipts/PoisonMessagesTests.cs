using CheckoutFunctions.Receipts;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Receipts;

public abstract class PoisonMessagesTests(Sql sql) : IAsyncLifetime
{
    private const string Queue = "order-placed";

    private TestShop shop = null!;

    private PoisonMessages poison = null!;

    public async Task InitializeAsync()
    {
        shop = await TestShop.Open(sql);
        poison = new(shop.Database, shop.Clock);
    }

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    [StoreFact]
    public async Task A_message_that_only_failed_is_nobodys_concern_yet_and_leaves_nothing_once_it_is_done()
    {
        await poison.NoteFailure(Queue, Body(1), new IOException("no route"), default);
        Assert.Empty(await List());
        Assert.Null(await poison.Retry((await shop.Ask<string>("SELECT id FROM poison_messages"))!, default));

        await poison.Handled(Queue, Body(1), default);
        Assert.Equal(0, await shop.Ask<long>("SELECT COUNT(*) FROM poison_messages "));
    }

    [StoreFact]
    public async Task Why_it_failed_is_kept_for_the_operator()
    {
        await poison.NoteFailure(Queue, Body(1), new IOException("550 <ada@example.com> is unknown"), default);
        Assert.Equal("IOException: 550 <[…]> is unknown", await shop.Ask<string>("SELECT error FROM poison_messages"));
        shop.Clock.Advance(TimeSpan.FromSeconds(40));
        await poison.NoteFailure(Queue, Body(1), new IOException(new string('x', 2000)), default);

        var stored = await Stored(1);

        Assert.Equal(("ord_1", "waiting", TestShop.Start, TestShop.Start.AddSeconds(40)), (stored.OrderId, stored.State, stored.FirstSeen, stored.LastSeen));
        Assert.StartsWith("IOException: xxx", stored.Error, StringComparison.Ordinal);
        Assert.Equal(500, stored.Error!.Length);
        Assert.Equal([stored], await List());
    }

    [StoreFact]
    public async Task The_same_message_is_one_row_however_often_it_comes_back()
    {
        var first = await Stored(1);
        await poison.Retry(first.Id, default);
        Assert.Equal("retried", Assert.Single(await List()).State);

        await poison.NoteFailure(Queue, Body(1), new IOException("again"), default);
        Assert.Equal("retried", Assert.Single(await List()).State);
        await Stored(1);
        Assert.Equal((first.Id, "waiting"), (Assert.Single(await List()).Id, Assert.Single(await List()).State));

        await poison.Retry(first.Id, default);
        await poison.Handled(Queue, Body(1), default);
        Assert.Equal("done", Assert.Single(await List()).State);
    }

    [StoreFact]
    public async Task A_retry_gives_the_message_as_it_was_and_notes_when()
    {
        var stored = await Stored(1);
        shop.Clock.Advance(TimeSpan.FromHours(1));

        var retried = (await poison.Retry(stored.Id, default))!;

        Assert.Equal((Body(1), TestShop.Start.AddHours(1)), (retried.Body, retried.RetriedAt));
        Assert.Null(await poison.Retry("psn_unknown", default));
    }

    [StoreFact]
    public async Task The_list_goes_from_the_newest_page_by_page()
    {
        for (var n = 1; n <= 7; n++)
        {
            await Stored(n);
            // Two at the same time.
            if (n != 3)
                shop.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var seen = new List<string?>();
        for (PoisonCursor? after = null; await poison.List(2, after, default) is { Count: > 0 } page; after = PoisonCursor.Read(PoisonCursor.Of(page[^1]).ToString()))
            seen.AddRange(page.Select(message => message.OrderId));

        Assert.Equal(["ord_7", "ord_6", "ord_5"], seen.Take(3));
        Assert.Equal(["ord_3", "ord_4"], seen.Skip(3).Take(2).Order(StringComparer.Ordinal));
        Assert.Equal(["ord_2", "ord_1"], seen.Skip(5));
        Assert.Null(PoisonCursor.Read("yesterday"));
    }

    [StoreFact]
    public async Task A_message_that_says_nothing_of_an_order_is_kept_too()
    {
        var stored = await poison.Store(Queue, "not even JSON", default);

        Assert.Null(stored.OrderId);
        Assert.Equal("not even JSON", Assert.Single(await List()).Body);
    }

    private static string Body(int n) => $$"""{"OrderId":"ord_{{n}}","CheckoutId":"chk_{{n}}"}""";

    private Task<PoisonMessage> Stored(int n) => poison.Store(Queue, Body(n), default);

    private Task<IReadOnlyList<PoisonMessage>> List() => poison.List(100, null, default);
}

public sealed class SqlitePoisonMessagesTests() : PoisonMessagesTests(Sql.Sqlite);

public sealed class PostgresPoisonMessagesTests() : PoisonMessagesTests(Sql.Postgres);
