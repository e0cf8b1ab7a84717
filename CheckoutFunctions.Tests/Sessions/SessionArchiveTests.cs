using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Database;
using static CheckoutFunctions.Tests.Sessions.TestSessions;

namespace CheckoutFunctions.Tests.Sessions;

/// <summary>What every session store promises about checkouts that nobody is at work on.</summary>
public abstract class SessionArchiveTests : IAsyncLifetime
{
    private static readonly CheckoutStatus[] Open = [CheckoutStatus.Cart, CheckoutStatus.MethodSelected];

    private readonly Func<Task<TestSessions>> open;

    private TestSessions sessions = null!;

    private protected SessionArchiveTests(Func<Task<TestSessions>> open) => this.open = open;

    [StoreFact]
    public async Task Those_that_fell_silent_in_that_time_are_found_each_once_and_others_not()
    {
        await Checkout("chk_before");
        sessions.Clock.Advance(TimeSpan.FromMinutes(1));
        var from = sessions.Clock.GetUtcNow();
        // More than a window, many of them at one moment.
        for (var i = 0; i < 450; i++)
            await Checkout($"chk_{i:000}", i % 2 == 0 ? CheckoutStatus.Cart : CheckoutStatus.MethodSelected);
        await Checkout("chk_paying", CheckoutStatus.Paying);
        await Checkout("chk_done", CheckoutStatus.Completed);
        var to = sessions.Clock.GetUtcNow();
        sessions.Clock.Advance(TimeSpan.FromMinutes(1));
        await Checkout("chk_after");

        var silent = await sessions.Archive.Silent(Open, from, to, default).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 450).Select(i => $"chk_{i:000}"), silent.Select(one => one.CheckoutId).Order(StringComparer.Ordinal));
        Assert.All(silent, one => Assert.Equal(from, one.Since));
    }

    [StoreFact]
    public async Task One_that_is_read_may_be_deleted_and_the_rest_still_comes()
    {
        for (var i = 0; i < 250; i++)
            await Checkout($"chk_{i:000}");

        await foreach (var silent in sessions.Archive.Silent(Open, DateTimeOffset.UnixEpoch, sessions.Clock.GetUtcNow(), default))
            await sessions.Archive.Delete(silent.CheckoutId, default);

        Assert.Empty(await sessions.Archive.Silent(Open, DateTimeOffset.UnixEpoch, sessions.Clock.GetUtcNow(), default).ToListAsync());
    }

    [StoreFact]
    public async Task A_checkout_that_is_deleted_leaves_nothing_and_the_others_stay()
    {
        await Checkout("chk_1", CheckoutStatus.Completed, "key");
        await Checkout("chk_2", CheckoutStatus.Completed, "key");
        await sessions.Keys.Claim(new("chk_1", "key", "body", "req_1"), default);

        await sessions.Archive.Delete("chk_1", default);
        await sessions.Archive.Delete("chk_1", default);

        Assert.Null(await sessions.Store.Find("chk_1", default));
        Assert.Null(await sessions.Store.FindAnswer("chk_1", "key", default));
        Assert.Equal("req_2", (await sessions.Keys.Claim(new("chk_1", "key", "body", "req_2"), default)).RequestId);
        Assert.NotNull(await sessions.Store.FindAnswer("chk_2", "key", default));
    }

    [StoreFact]
    public async Task What_comes_late_for_a_deleted_checkout_is_not_kept()
    {
        await Checkout("chk_1", CheckoutStatus.Completed);
        await sessions.Archive.Delete("chk_1", default);

        await sessions.Store.Save(new(Document("chk_1", 9), Answer("late", Document("chk_1", 9))), default);

        Assert.Null(await sessions.Store.Find("chk_1", default));
        Assert.Null(await sessions.Store.FindAnswer("chk_1", "late", default));
    }

    [StoreFact]
    public async Task Keys_of_a_checkout_that_is_gone_are_forgotten_in_their_time()
    {
        await sessions.Keys.Claim(new("chk_gone", "key", "body", "req_1"), default);
        sessions.Clock.Advance(ICommandKeys.Kept);

        Assert.Equal(1, await sessions.Keys.Purge(10, default));

        Assert.Equal("req_2", (await sessions.Keys.Claim(new("chk_gone", "key", "body", "req_2"), default)).RequestId);
    }

    [StoreFact]
    public async Task An_address_is_found_in_documents_inputs_and_answers_in_upper_and_lower_case_and_whole()
    {
        await Named("chk_document", "Zoë.O'Hara+tea_1@example.com");
        await sessions.Store.Create(New("chk_input") with { Document = Document("chk_input", 1) with { Customer = null }, Input = Json.Write(new { email = "ZOë.o'hara+tea_1@EXAMPLE.com" }) }, default);
        await Named("chk_answer", "somebody@example.com");
        var named = Document("chk_answer", 2) with { Customer = new("zoë.o'hara+tea_1@example.com") };
        await sessions.Store.Save(new(Document("chk_answer", 2) with { Customer = new("else@example.com") }, Answer("key", named)), default);
        await Named("chk_longer", "x.zoë.o'hara+tea_1@example.com");
        await Named("chk_wild", "zoë.o'hara+teax1@example.com");
        await Named("chk_other", "%");

        var found = await sessions.Archive.Mentioning("zoë.o'hara+tea_1@example.com", default).ToListAsync();

        Assert.Equal(["chk_answer", "chk_document", "chk_input"], found.Order(StringComparer.Ordinal));
        Assert.Equal(["chk_other"], await sessions.Archive.Mentioning("%", default).ToListAsync());
    }

    [StoreFact]
    public async Task All_are_looked_at_however_many_there_are()
    {
        for (var i = 0; i < 420; i++)
            await Named($"chk_{i:000}", i is 0 or 199 or 200 or 419 ? "ada@example.com" : "grace@example.com");

        Assert.Equal(["chk_000", "chk_199", "chk_200", "chk_419"], (await sessions.Archive.Mentioning("ada@example.com", default).ToListAsync()).Order(StringComparer.Ordinal));
    }

    [StoreFact]
    public async Task What_is_replaced_is_gone_with_its_answers_and_all_else_stays()
    {
        var cart = new string('x', 100_000);
        await sessions.Store.Create(New("chk_1") with { Input = new('y', 80_000) }, default);
        var full = Document("chk_1", 2, CheckoutStatus.Completed, cart);
        await sessions.Store.Save(new(full, Answer("key", full)), default);
        var changed = await sessions.Store.LastChangeOf("chk_1", default);
        sessions.Clock.Advance(TimeSpan.FromHours(1));

        await sessions.Archive.Replace(full with { Customer = null, CartId = "cart", Version = 3 }, "{}", default);

        var found = (await sessions.Store.Find("chk_1", default))!;
        Assert.Equal((null, "cart", 3L, CheckoutStatus.Completed), (found.Document.Customer, found.Document.CartId, found.Document.Version, found.Document.Status));
        Assert.Equal(("secret of chk_1", "{}", changed), (found.SecretHash, found.Input, await sessions.Store.LastChangeOf("chk_1", default)));
        Assert.Null(await sessions.Store.FindAnswer("chk_1", "key", default));
        Assert.Empty(await sessions.Archive.Mentioning("ada@example.com", default).ToListAsync());
        await sessions.Archive.Replace(Document("chk_unknown", 3), "{}", default);
        Assert.Null(await sessions.Store.Find("chk_unknown", default));
    }

    private async Task Checkout(string id, CheckoutStatus status = CheckoutStatus.Cart, string? answered = null)
    {
        await sessions.Store.Create(New(id), default);
        if (status != CheckoutStatus.Cart || answered is not null)
            await sessions.Store.Save(new(Document(id, 2, status), answered is null ? null : Answer(answered, Document(id, 2, status))), default);
    }

    private async Task Named(string id, string email)
    {
        var document = Document(id, 1) with { Customer = new(email) };
        Assert.True(await sessions.Store.Create(New(id) with { Document = document }, default));
    }

    public async Task InitializeAsync() => sessions = await open();

    public Task DisposeAsync()
    {
        sessions.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class SqliteSessionArchiveTests() : SessionArchiveTests(OnSqlite);

public sealed class PostgresSessionArchiveTests() : SessionArchiveTests(OnPostgres);

public sealed class AzuriteSessionArchiveTests() : SessionArchiveTests(OnAzurite);
