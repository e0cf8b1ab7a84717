using System.Globalization;
using CheckoutFunctions.Tests.Api;
using Xunit.Abstractions;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>Runs with nothing beside it: it needs the machine for the moments of its kills to be spread over the work.</summary>
[CollectionDefinition(nameof(Soak), DisableParallelization = true)]
public sealed class Soak;

/// <summary>
/// kill -9 again and again under a crowd of buyers. CHECKOUT_SOAK_SEED=n chooses other buyers and moments (what the machine does
/// between them stays chance), CHECKOUT_SOAK_KILLS=n more kills.
/// </summary>
[Collection(nameof(Soak))]
public sealed class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Killed_a_hundred_times_under_load_it_loses_no_checkout_and_no_money_and_does_nothing_twice()
    {
        var (seed, kills) = (Number("CHECKOUT_SOAK_SEED") ?? 1, Number("CHECKOUT_SOAK_KILLS") ?? 100);
        await using var shop = await ShopProcess.Start();
        // So that many kills hit a payment that is under way at the provider.
        await shop.Providers.Fail("stripe", "*", "slow", times: 1_000_000, delayMs: 25);
        var books = await Books.Open(shop);
        var crowd = new Crowd(shop, seed);

        var chance = new Random(seed);
        for (var kill = 0; kill < kills; kill++)
        {
            await Healthy(shop);
            await Task.Delay(chance.Next(20, 601));
            await shop.KillAndRestart();
            await crowd.Check();
        }

        // A slow machine gets less done between the kills.
        await crowd.ComeOn(new Errands(shop.Providers).All);
        await crowd.Leave();
        await shop.Providers.Recover();
        var rest = new Rest(shop, crowd.Visits);
        await rest.Come();
        var left = await rest.Statuses();
        await rest.TakeCommands();
        await rest.FinishOneOfEach();
        await rest.SellTheLast();
        await rest.Come();
        var sessions = await rest.Sessions();
        var payments = await shop.Providers.Payments();
        var taxed = (await shop.Providers.Ledger()).GetProperty("tax_documents");
        Assert.Equal(0, await shop.Stop());

        Write(crowd, kills, left);
        Histories.Hold(shop.Data, sessions);
        await books.Hold(sessions, payments, taxed);
        // Rare moments must be shown to be hit.
        Assert.True(crowd.PaymentsCutOff > 0, "No kill hit a payment.");
        Assert.True(crowd.Repeated > 0, "No answer was asked for again.");
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(shop.Data, "outbox"), "receipt.*.eml"));
    }

    private static async Task Healthy(ShopProcess shop)
    {
        var reply = await shop.Send(HttpMethod.Get, "/api/health", null, null, null);
        Assert.True(reply.Status == 200, $"{reply}. What LocalHost said last:\n{string.Join('\n', shop.Lines.TakeLast(40))}");
    }

    private void Write(Crowd crowd, int kills, IReadOnlyDictionary<string, int> left)
    {
        output.WriteLine($"{"kills",-42} {kills,5}");
        output.WriteLine($"{"requests cut off by a kill",-42} {crowd.CutOff,5}");
        output.WriteLine($"{"  of them payments",-42} {crowd.PaymentsCutOff,5}");
        output.WriteLine($"{"answers repeated, the same",-42} {crowd.Repeated,5}");
        output.WriteLine($"{"checkouts",-42} {crowd.Visits.Count,5}");
        foreach (var (status, count) in left.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            output.WriteLine($"  {status,-40} {count,5}");
        foreach (var errand in crowd.Visits.CountBy(visit => visit.Errand.Name).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            output.WriteLine($"    {errand.Key,-38} {errand.Value,5}");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
