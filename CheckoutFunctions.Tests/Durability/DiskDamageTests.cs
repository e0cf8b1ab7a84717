using System.Net;
using System.Security.Cryptography;
using CheckoutFunctions.Tests.Api;
using CheckoutFunctions.Tests.LocalHost;
using CheckoutFunctions.Tests.Providers;
using LocalHost;
using LocalHost.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>A host that finds damage while it runs takes no more work, so that whoever comes at night finds the files as they were.</summary>
public sealed class DiskDamageTests : IDisposable
{
    private static readonly string[] LogFiles = ["-wal", "-shm"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("damage-");
    private readonly LogLines log = new();
    private readonly Disk disk = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Damage_stops_the_work_is_told_once_and_answered_with_503_and_the_work_goes_on_with_the_file_restored()
    {
        const string Id = "one";
        disk.Damaged = true;
        await using (var host = await Start())
        {
            await host.Services.GetRequiredService<DurableTaskClient>().ScheduleNewOrchestrationInstanceAsync("Reads", new StartOrchestrationOptions(Id));
            await Until(() => host.Services.GetRequiredService<StoreHealth>().IsDamaged);

            using var http = new HttpClient { BaseAddress = host.Api };
            foreach (var path in new[] { "/hello", $"/runtime/webhooks/durabletask/instances/{Id}?code={RunningHost.Key}" })
            {
                using var refused = await http.GetAsync(path);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
                Assert.Equal("5", refused.Headers.GetValues("Retry-After").Single());
            }
        }

        Assert.Equal(1, disk.Reads);
        Assert.Single(log.Lines, line => line.Contains("A database file is damaged", StringComparison.Ordinal));

        disk.Damaged = false;
        await using var again = await Start();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var done = await again.Services.GetRequiredService<DurableTaskClient>().WaitForInstanceCompletionAsync(Id, true, patience.Token);
        Assert.Equal("read", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Rubbish_in_the_file_of_a_running_host_is_noticed_and_the_shop_goes_on_from_a_backup()
    {
        await using var shop = await ShopProcess.Start();
        var ada = await shop.ReadyShopper();
        var path = Path.Combine(shop.Data, "durable.db");
        Tell(path, "PRAGMA wal_checkpoint(TRUNCATE)");
        var backup = await File.ReadAllBytesAsync(path);
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 4096;
            file.Write(RandomNumberGenerator.GetBytes(backup.Length - 4096));
        }

        // Whether it is met at once depends on what is in memory; whoever reads old pages meets it.
        Assert.Contains((await ada.Pay()).Status, new[] { 200, 202, 503 });
        await shop.Send(
            HttpMethod.Get, $"/runtime/webhooks/durabletask/instances/{ada.Id}?showHistory=true&code={ShopProcess.OperatorKey}", null, null, null);
        await Until(() => shop.Lines.Any(line => line.Contains("A database file is damaged", StringComparison.Ordinal)));
        (await ada.Get()).Refuses(503, "store_unavailable"); // all of the host, not only what meets the damage
        Assert.Equal(0, await shop.Stop());
        foreach (var log in LogFiles)
            File.Delete(path + log);
        await File.WriteAllBytesAsync(path, backup);
        await shop.StartAgain();

        (await ada.Get()).Is(200);
        (await (await shop.ReadyShopper()).Pay()).Is(200);
    }

    [Fact]
    public async Task A_file_that_another_program_locks_meanwhile_is_waited_for_and_then_answered_with_503()
    {
        await using var shop = await Shop.Open();
        using (var other = new SqliteConnection($"Data Source={Path.Combine(shop.Folder, "sessions.db")};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "BEGIN EXCLUSIVE";
            command.ExecuteNonQuery();

            (await shop.Start(Shopper.Cart("TEA-100", 1), key: "start-1")).Refuses(503, "store_unavailable");
        }

        (await shop.Start(Shopper.Cart("TEA-100", 1), key: "start-1")).Is(201);
    }

    [Fact]
    public void An_outage_is_told_of_when_it_begins_each_half_minute_and_when_it_is_over()
    {
        var clock = new ManualTimeProvider();
        var health = new StoreHealth(clock, log);
        var full = new SqliteException("database or disk is full", 13);

        for (var attempt = 0; attempt < 700; attempt++)
        {
            health.Failed(full);
            health.Works(); // one write in two finds room
            clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(3, log.Lines.Count(line => line.Contains("The store can't be used", StringComparison.Ordinal)));
        clock.Advance(TimeSpan.FromSeconds(10));
        health.Works();
        health.Works();
        Assert.Single(log.Lines, line => line.Contains("The store works again, after 700 failures", StringComparison.Ordinal));
        health.Failed(full);
        Assert.Equal(4, log.Lines.Count(line => line.Contains("The store can't be used", StringComparison.Ordinal)));
        Assert.False(health.IsDamaged);
    }

    [Theory]
    [InlineData(13, "Make room on the disk of /data.")]
    [InlineData(5, "Close the program that holds a lock on a file in /data.")]
    [InlineData(8, "Let this user write the files in /data.")]
    [InlineData(10, "See that the disk of /data works and has room.")]
    public void An_outage_is_told_in_one_line_with_its_reason_and_what_to_do(int code, string remedy)
    {
        var failure = new SqliteException("The reason.", code);

        new StoreHealth(new ManualTimeProvider(), log, "/data").Failed(failure);

        Assert.Equal(
            $"The store can't be used: The reason. {remedy} Nothing is lost: it is tried again until it works (1 failures so far).",
            Assert.Single(log.Lines).TrimEnd());
    }

    [Fact]
    public void A_statement_that_is_wrong_is_no_outage()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT nothing FROM nowhere";

        var wrong = Assert.Throws<SqliteException>(() => command.ExecuteScalar());

        Assert.False(StoreFault.IsUnavailable(wrong));
        Assert.False(CheckoutFunctions.Database.StoreFault.IsUnavailable(wrong));
    }

    [Fact]
    public void The_app_and_its_host_agree_on_what_an_outage_is()
    {
        foreach (var code in Enumerable.Range(1, 28))
        {
            var failure = new SqliteException("any", code);
            Assert.Equal(StoreFault.IsUnavailable(failure), CheckoutFunctions.Database.StoreFault.IsUnavailable(failure));
        }
    }

    private Task<LocalHostApp> Start() => LocalHostApp.Start(RunningHost.Options(folder.FullName, [typeof(Functions)], services => services
        .AddSingleton(disk)
        .AddLogging(logging => logging.ClearProviders().AddProvider(log))));

    private static void Tell(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task Until(Func<bool> reached)
    {
        for (var look = 0; !reached(); look++)
        {
            Assert.True(look < 600, "It never came to that.");
            await Task.Delay(50);
        }
    }

    public sealed class Disk
    {
        private int reads;

        public bool Damaged { get; set; }

        public int Reads => reads;

        public string Read()
        {
            Interlocked.Increment(ref reads);
            return Damaged ? throw new SqliteException("database disk image is malformed", 11) : "read";
        }
    }

    public sealed class Functions(Disk disk)
    {
        [Function("Reads")]
        public static Task<string> Reads([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<string>("Read");

        [Function("Read")]
        public string Read([ActivityTrigger] string? input) => disk.Read();

        [Function("Hello")]
        public static IResult Hello([HttpTrigger(AuthorizationLevel.Anonymous, Route = "hello")] HttpRequest request) => Results.Text("hello");
    }
}
