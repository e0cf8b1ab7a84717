using CheckoutFunctions.Database;
using CheckoutFunctions.Sessions;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.Sessions;

public sealed class CommandKeyTests : IAsyncLifetime
{
    private static int count;

    private readonly ManualTimeProvider clock = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly SessionDatabase database = new($"Data Source=command-keys-{Interlocked.Increment(ref count)};Mode=Memory;Cache=Shared");
    private CommandKeys keys = null!;

    public async Task InitializeAsync()
    {
        await Migrations.Apply(database, "Sessions", clock);
        keys = new CommandKeys(database, clock);
    }

    public Task DisposeAsync()
    {
        database.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_first_request_holds_the_key_and_later_ones_are_told_so()
    {
        Assert.Equal(Request("req_1"), await keys.Claim(Request("req_1"), default));
        Assert.Equal(Request("req_1"), await keys.Claim(Request("req_2") with { RequestHash = "another body" }, default));
    }

    [Fact]
    public async Task Of_many_that_take_a_key_over_one_gets_it()
    {
        var done = await keys.Claim(Request("req_1"), default);

        var taken = await Task.WhenAll(Enumerable.Range(2, 20).Select(i => Task.Run(() => keys.TakeOver(Request($"req_{i}"), done, default))));

        Assert.NotEqual(done, Assert.Single(taken.Distinct()));
    }

    [Fact]
    public async Task A_key_is_kept_for_48_hours_and_then_forgotten()
    {
        await Checkout("chk_1", CheckoutStatus.Completed);
        await Use("chk_1", "old");
        clock.Advance(TimeSpan.FromHours(48) - TimeSpan.FromMilliseconds(1));
        await Use("chk_1", "young");
        Assert.Equal(0, await keys.Purge(10, default));

        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(3, await keys.Purge(10, default));
        Assert.Equal(["young"], await Left("starts", "key_hash"));
        Assert.Equal(["young"], await Left("claims", "command_key"));
        Assert.Equal(["young"], await Left("answers", "command_key"));
    }

    [Fact]
    public async Task A_checkout_that_goes_on_keeps_its_answers()
    {
        await Checkout("chk_1", CheckoutStatus.NeedsAttention);
        await Use("chk_1", "old");
        clock.Advance(TimeSpan.FromDays(30));

        Assert.Equal(1, await keys.Purge(10, default));

        Assert.Equal(["old"], await Left("answers", "command_key"));
        Assert.Equal(["old"], await Left("claims", "command_key"));
    }

    [Fact]
    public async Task A_purge_takes_small_windows_until_nothing_old_is_left()
    {
        await Checkout("chk_1", CheckoutStatus.Cancelled);
        for (var i = 0; i < 450; i++)
            await Use("chk_1", $"key-{i}");
        clock.Advance(TimeSpan.FromHours(49));
        await Use("chk_1", "young");

        Assert.Equal(300, await keys.Purge(100, default));
        await new KeyPurge(keys, NullLogger<KeyPurge>.Instance).Run(new TimerInfo(), default);

        Assert.Equal(["young"], await Left("answers", "command_key"));
        Assert.Equal(["young"], await Left("starts", "key_hash"));
    }

    private static CommandClaim Request(string id) => new("chk_1", "key", "body", id);

    private Task Checkout(string id, CheckoutStatus status) => Tell($"INSERT INTO sessions VALUES ('{id}', '', 1, '{status}', '{{}}', '{{}}', 0)");

    /// <summary>A key that was used to start a checkout, and for a command that was answered.</summary>
    private async Task Use(string checkout, string key)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await keys.Claim(new(checkout, key, "body", "req_1"), default);
        await Tell($"INSERT INTO starts VALUES ('{key}', '', '{checkout}', '', {now}); INSERT INTO answers VALUES ('{checkout}', '{key}', '', {now})");
    }

    private Task Tell(string sql) => database.Write(transaction => transaction.Connection!.ExecuteAsync(sql, transaction: transaction));

    private Task<IEnumerable<string>> Left(string table, string column) =>
        database.Read(connection => connection.QueryAsync<string>($"SELECT {column} FROM {table} ORDER BY {column}"));
}
