using CheckoutFunctions.Tests.Api;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Tests.Durability;

public class DiskFullLoadTests
{
    private const int Outages = 2;
    private const string Ballast = "ballast";

    [SmallDiskFact]
    public async Task A_disk_that_fills_up_under_load_refuses_with_503_halves_nothing_and_all_goes_on_when_there_is_room()
    {
        using var disk = new DiskSpace(64);
        await using var shop = await ShopProcess.Start(disk.Folder);
        var books = await Books.Open(shop);
        var door = new RefusedStorefront(shop.Send);
        var crowd = new Crowd(shop, seed: 7, door.Send);

        for (var outage = 1; outage <= Outages; outage++)
        {
            await door.LetIn(60);
            disk.Fill();
            await FillEngine(shop, disk, outage);
            await door.Refuse(20);
            await HoldReads(shop, crowd.Visits[0].Shopper);
            await Task.Delay(1500); // what runs inside meets the full disk too
            disk.MakeRoom();
            await crowd.Check();
        }

        while (Told(shop.Lines, "The store works again") == 0)
            await door.LetIn(60);
        await crowd.Leave();
        await PurgeBallast(shop);
        var rest = new Rest(shop, crowd.Visits);
        await rest.Come();
        await rest.TakeCommands();
        await rest.FinishOneOfEach();
        await rest.SellTheLast();
        await rest.Come();
        var sessions = await rest.Sessions();
        var payments = await shop.Providers.Payments();
        var taxed = (await shop.Providers.Ledger()).GetProperty("tax_documents");
        Assert.Equal(0, await shop.Stop());

        Histories.Hold(shop.Data, sessions);
        await books.Hold(sessions, payments, taxed);
        foreach (var file in Directory.GetFiles(shop.Data, "*.db"))
            HoldIntegrity(file);
        HoldLog(shop.Lines);
    }

    /// <summary>
    /// Which file is the first without room is chance: a log that was copied back into its file has some left. So the engine's is used up by hand,
    /// with large instances and then with small ones, until the management API has to refuse.
    /// </summary>
    private static async Task FillEngine(ShopProcess shop, DiskSpace disk, int outage)
    {
        foreach (var size in new[] { 200_000, 2_000 })
        {
            for (var number = 0; ; number++)
            {
                Assert.True(number < 1000, "The engine's file always had room.");
                disk.Fill(); // what others gave back meanwhile
                var reply = await Manage(shop, HttpMethod.Post, $"orchestrators/{Ballast}/{Ballast}-{outage}-{size}-{number}", new string('x', size));
                if (reply.Status == 503)
                    break;
                Assert.Equal(202, reply.Status);
            }
        }
    }

    /// <summary>They have failed, as there is no such function, and nobody misses them.</summary>
    private static async Task PurgeBallast(ShopProcess shop)
    {
        for (var look = 0; ; look++)
        {
            Assert.True(look < 600, "What filled the engine's file doesn't end.");
            await Manage(shop, HttpMethod.Delete, "instances", null, "&createdTimeFrom=2020-01-01T00:00:00Z&runtimeStatus=Failed");
            var left = await Manage(shop, HttpMethod.Get, "instances", null, $"&instanceIdPrefix={Ballast}&top=1&showInput=false");
            if (left.Is(200).Body == "[]")
                return;
            await Task.Delay(100);
        }
    }

    private static Task<Reply> Manage(ShopProcess shop, HttpMethod method, string path, object? body = null, string query = "") =>
        shop.Send(method, $"/runtime/webhooks/durabletask/{path}?code={ShopProcess.OperatorKey}{query}", body, null, null);

    /// <summary>Who only looks is answered.</summary>
    private static async Task HoldReads(ShopProcess shop, Shopper shopper)
    {
        (await shopper.Get()).Is(200);
        var status = await Manage(shop, HttpMethod.Get, $"instances/{shopper.Id}");
        Assert.True(status.Status is 200 or 202, status.ToString());
    }

    private static void HoldIntegrity(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", command.ExecuteScalar());
    }

    /// <summary>An outage is told of, and its end, whatever the number of attempts; two that follow each other soon may be told of as one.</summary>
    private static void HoldLog(IReadOnlyCollection<string> lines)
    {
        Assert.InRange(Told(lines, "The store can't be used"), 1, 3 * Outages);
        Assert.InRange(Told(lines, "The store works again"), 1, Outages);
    }

    private static int Told(IReadOnlyCollection<string> lines, string what) => lines.Count(line => line.Contains(what, StringComparison.Ordinal));

    /// <summary>A way to the shop that asks again where the shop refuses, and holds it to how it must refuse.</summary>
    private sealed class RefusedStorefront(Storefront shop)
    {
        private int answered;
        private int refused;

        public Task LetIn(int more) => Reach(() => Volatile.Read(ref answered), more);

        public Task Refuse(int more) => Reach(() => Volatile.Read(ref refused), more);

        public async Task<Reply> Send(HttpMethod method, string path, object? body, string? secret, string? key)
        {
            while (true)
            {
                var reply = await shop(method, path, body, secret, key);
                if (reply.Status < 500)
                {
                    Interlocked.Increment(ref answered);
                    return reply;
                }

                reply.Refuses(503, "store_unavailable");
                Assert.Equal("5", reply.Headers["Retry-After"]);
                Interlocked.Increment(ref refused);
                await Task.Delay(50);
            }
        }

        private static async Task Reach(Func<int> count, int more)
        {
            var wanted = count() + more;
            for (var look = 0; count() < wanted; look++)
            {
                Assert.True(look < 1200, $"There were {count()} of {wanted} answers after a minute.");
                await Task.Delay(50);
            }
        }
    }
}
