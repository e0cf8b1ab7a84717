using System.Diagnostics;
using CheckoutFunctions.Tests.Api;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>Ctrl-C, sent to a real process.</summary>
public class InterruptTests
{
    // The host drains for 10 s; the rest is for a busy machine to end the process.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Ctrl_C_under_load_ends_the_host_in_time_with_0_and_every_checkout_goes_on_after_the_next_start()
    {
        await using var shop = await ShopProcess.Start();
        await shop.Providers.Fail("stripe", "*", "slow", times: 1_000_000, delayMs: 25);
        var books = await Books.Open(shop);
        var crowd = new Crowd(shop, seed: 11);

        for (var stop = 0; stop < 3; stop++)
        {
            await Task.Delay(1500);
            Assert.Equal(0, await Interrupt(shop));
            await shop.StartAgain();
            await crowd.Check();
        }

        await crowd.Leave();
        await shop.Providers.Recover();
        var rest = new Rest(shop, crowd.Visits);
        await rest.Come();
        var sessions = await rest.Sessions();
        var payments = await shop.Providers.Payments();
        var taxed = (await shop.Providers.Ledger()).GetProperty("tax_documents");
        Assert.Equal(0, await shop.Stop());

        Histories.Hold(shop.Data, sessions);
        await books.Hold(sessions, payments, taxed);
    }

    [Fact]
    public async Task A_payment_that_outlasts_Ctrl_C_is_finished_after_the_next_start_and_taken_once()
    {
        await using var shop = await ShopProcess.Start();
        var ada = await shop.ReadyShopper();
        await shop.Providers.Fail("stripe", "confirm", "timeout_before");
        var pay = ada.Pay(key: "pay-1").ContinueWith(answer => answer.Exception?.Message, TaskScheduler.Default);
        await shop.Providers.WereCalled("stripe.confirm");

        Assert.Equal(0, await Interrupt(shop));
        await pay;
        await shop.StartAgain();

        var session = await ada.Await(session => session.Status() is "COMPLETED" or "METHOD_SELECTED");
        Assert.Equal("COMPLETED", session.Status());
        await shop.Providers.WerePaidOnce(ada, session.Number("grand_total"));
    }

    private static async Task<int> Interrupt(ShopProcess shop)
    {
        var clock = Stopwatch.StartNew();
        var exit = await shop.Stop("INT");
        Assert.True(clock.Elapsed < Longest, $"It took {clock.Elapsed.TotalSeconds:0.0} s.");
        return exit;
    }
}
