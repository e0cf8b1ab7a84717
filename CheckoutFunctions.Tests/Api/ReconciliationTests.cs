using System.Text.Json;

namespace CheckoutFunctions.Tests.Api;

/// <summary>Over HTTP: an operator ends a checkout whose money is held, and reconciliation finishes what it left, while others go on shopping.</summary>
public sealed class ReconciliationTests
{
    private const string Route = "/api/operations/reconciliation";

    [Fact]
    public async Task A_checkout_that_was_terminated_after_its_order_is_paid_and_completed_once_however_many_reconcile()
    {
        await using var shop = await Shop.Open(("Reconciliation:Schedule", "0 0 0 1 1 *"));
        await shop.Providers.Fail("stripe", "capture", "http_500", times: 100);
        var grace = await shop.ReadyShopper(quantity: 2);
        var ada = await shop.ReadyShopper();
        var paying = ada.Pay();
        await shop.Providers.WereCalled("stripe.capture");
        Assert.Equal(202, (await shop.Send(HttpMethod.Post, $"/runtime/webhooks/durabletask/instances/{ada.Id}/terminate?reason=by+hand&code={shop.OperatorKey}")).Status);
        await paying;
        await shop.Providers.Recover();
        Assert.Empty(Findings(await Look(shop), "orders_without_capture"));
        shop.Ahead = TimeSpan.FromMinutes(15);

        var look = await Look(shop);
        Assert.Equal(ada.Id, Assert.Single(Findings(look, "orders_without_capture")).GetProperty("checkout_id").GetString());
        Assert.Equal(JsonValueKind.Null, look["last_run"].ValueKind);
        Assert.Equal("authorized", Assert.Single(await shop.Providers.Payments(ada)).State);

        var healed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => shop.Send(HttpMethod.Post, $"{Route}?code={shop.OperatorKey}")));

        // Of two at once, the provider may tell one to come again.
        Assert.Contains(healed.SelectMany(reply => Findings(reply.Is(200), "orders_without_capture")), finding => finding.GetProperty("healed").GetBoolean());
        var session = await ada.Await(session => session.Status() == "COMPLETED");
        await shop.Providers.WerePaidOnce(ada, session.Number("grand_total"));
        Assert.Equal("placed", (await ada.Order(session.Text("order_id")!, ada.Secret)).Is(200).Text("status"));
        (await grace.PayAndWait()).Is(200);
    }

    [Fact]
    public async Task The_timer_heals_and_says_what_it_did_and_an_operators_key_is_needed_to_hear_it()
    {
        await using var shop = await Shop.Open(("Reconciliation:Schedule", "* * * * * *"));
        var ada = await shop.ReadyShopper();
        await shop.Providers.Fail("stripe", "capture", "http_500", times: 100);
        var paying = ada.Pay();
        await shop.Providers.WereCalled("stripe.capture");
        await shop.Send(HttpMethod.Post, $"/runtime/webhooks/durabletask/instances/{ada.Id}/terminate?reason=by+hand&code={shop.OperatorKey}");
        await paying;
        await shop.Providers.Recover();
        shop.Ahead = TimeSpan.FromMinutes(15);

        await ada.Await(session => session.Status() == "COMPLETED");

        Assert.Equal(JsonValueKind.Object, (await Look(shop))["last_run"].ValueKind);
        Assert.Contains(shop.LogLines, line => line.Contains("Reconciliation by the timer: OrderWithoutCapture", StringComparison.Ordinal) && line.Contains(ada.Id, StringComparison.Ordinal));
        Assert.Equal(401, (await shop.Send(HttpMethod.Get, Route, secret: ada.Secret)).Status);
        Assert.Equal(401, (await shop.Send(HttpMethod.Post, Route, secret: ada.Secret)).Status);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_named_and_the_rest_is_looked_at()
    {
        await using var shop = await Shop.Open(("Reconciliation:Schedule", "0 0 0 1 1 *"));
        await shop.Providers.Fail("stripe", "search", "http_500", times: 10);

        var look = await Look(shop);

        Assert.StartsWith("payments: ", Assert.Single(look["unavailable"].EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Empty(Findings(look, "stuck_checkouts"));
    }

    private static async Task<Reply> Look(Shop shop) => (await shop.Send(HttpMethod.Get, $"{Route}?code={shop.OperatorKey}")).Is(200);

    private static IEnumerable<JsonElement> Findings(Reply report, string kind) => report[kind].EnumerateArray();
}
