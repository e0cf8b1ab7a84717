using CheckoutFunctions.Tests.Api;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Tests.Durability;

public class DiskFullLoadTests
{
    private const int Outages = 2;

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
            await door.Refuse(20);
            await HoldReads(shop, crowd.Visits[0].Shopper);
            await Task.Delay(1500); // what runs inside meets the full disk too
            disk.MakeRoom();
            await crowd.Check();
        }

        await door.LetIn(60);
        await crowd.Leave();
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

    /// <summary>Who only looks is answered.</summary>
    private static async Task HoldReads(ShopProcess shop, Shopper shopper)
    {
        (await shopper.Get()).Is(200);
        var status = await shop.Send(
            HttpMethod.Get, $"/runtime/webhooks/durabletask/instances/{shopper.Id}?code={ShopProcess.OperatorKey}", null, null, null);
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

    /// <summary>Told of once or twice, whatever the number of attempts; not at all where only the app's files had no room left.</summary>
    private static void HoldLog(IReadOnlyCollection<string> lines)
    {
        Assert.InRange(lines.Count(line => line.Contains("The store can't be used", StringComparison.Ordinal)), 0, 3 * Outages);
        Assert.InRange(lines.Count(line => line.Contains("The store works again", StringComparison.Ordinal)), 0, 3 * Outages);
    }

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
