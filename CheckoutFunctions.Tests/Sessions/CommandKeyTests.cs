using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Database;
using Microsoft.Extensions.Logging.Abstractions;
using static CheckoutFunctions.Tests.Sessions.TestSessions;

namespace CheckoutFunctions.Tests.Sessions;

/// <summary>What the keys beside every session store promise.</summary>
public abstract class CommandKeyTests : IAsyncLifetime
{
    private readonly Func<Task<TestSessions>> open;

    private TestSessions sessions = null!;

    private protected CommandKeyTests(Func<Task<TestSessions>> open) => this.open = open;

    private ICommandKeys Keys => sessions.Keys;

    [StoreFact]
    public async Task The_first_request_holds_the_key_and_later_ones_are_told_so()
    {
        Assert.Equal(Request("req_1"), await Keys.Claim(Request("req_1"), default));
        Assert.Equal(Request("req_1"), await Keys.Claim(Request("req_2") with { RequestHash = "another body" }, default));
    }

    [StoreFact]
    public async Task Of_many_that_take_a_key_over_one_gets_it()
    {
        var done = await Keys.Claim(Request("req_1"), default);

        var taken = await Task.WhenAll(Enumerable.Range(2, 20).Select(i => Task.Run(() => Keys.TakeOver(Request($"req_{i}"), done, default))));

        Assert.NotEqual(done, Assert.Single(taken.Distinct()));
    }

    [StoreFact]
    public async Task A_key_is_kept_for_48_hours_and_then_forgotten()
    {
        await Checkout("chk_1", CheckoutStatus.Completed);
        await Use("chk_1", "old");
        sessions.Clock.Advance(TimeSpan.FromHours(48) - TimeSpan.FromMilliseconds(1));
        await Use("chk_1", "young");
        Assert.Equal(0, await Keys.Purge(10, default));

        sessions.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(3, await Keys.Purge(10, default));
        Assert.Equal((false, false, false), await Knows("chk_1", "old"));
        Assert.Equal((true, true, true), await Knows("chk_1", "young"));
    }

    [StoreFact]
    public async Task A_checkout_that_goes_on_keeps_its_answers()
    {
        await Checkout("chk_1", CheckoutStatus.NeedsAttention);
        await Use("chk_1", "old");
        sessions.Clock.Advance(TimeSpan.FromDays(30));

        Assert.Equal(1, await Keys.Purge(10, default));

        Assert.Equal((false, true, true), await Knows("chk_1", "old"));
    }

    [StoreFact]
    public async Task A_purge_takes_small_windows_until_nothing_old_is_left()
    {
        await Checkout("chk_1", CheckoutStatus.Cancelled);
        for (var i = 0; i < 250; i++)
            await Use("chk_1", $"key-{i}");
        sessions.Clock.Advance(TimeSpan.FromHours(49));
        await Use("chk_1", "young");

        Assert.Equal(300, await Keys.Purge(100, default));
        await new KeyPurge(Keys, NullLogger<KeyPurge>.Instance).Run(new TimerInfo(), default);

        for (var i = 0; i < 250; i++)
            Assert.Equal((false, false, false), await Knows("chk_1", $"key-{i}"));
        Assert.Equal((true, true, true), await Knows("chk_1", "young"));
    }

    private static CommandClaim Request(string id) => new("chk_1", "key", "body", id);

    private async Task Checkout(string id, CheckoutStatus status)
    {
        await sessions.Store.Create(New(id), default);
        await sessions.Store.Save(new(Document(id, 2, status)), default);
    }

    /// <summary>A key that was used to start a checkout, and for a command that was answered.</summary>
    private async Task Use(string checkout, string key)
    {
        await Keys.Claim(new(checkout, key, "body", "req_1"), default);
        await sessions.Store.Create(New($"{checkout}_{key}", key), default);
        await sessions.Store.Save(new(Document(checkout, 0), Answer(key, Document(checkout, 2))), default);
    }

    /// <summary>A claim that is gone can be had by anybody.</summary>
    private async Task<(bool Start, bool Claim, bool Answer)> Knows(string checkout, string key) => (
        await sessions.Store.FindStart(key, default) is not null,
        (await Keys.Claim(new(checkout, key, "body", "req_2"), default)).RequestId == "req_1",
        await sessions.Store.FindAnswer(checkout, key, default) is not null);

    public async Task InitializeAsync() => sessions = await open();

    public Task DisposeAsync()
    {
        sessions.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class SqliteCommandKeyTests() : CommandKeyTests(OnSqlite);

public sealed class PostgresCommandKeyTests() : CommandKeyTests(OnPostgres);

public sealed class AzuriteCommandKeyTests() : CommandKeyTests(OnAzurite);
