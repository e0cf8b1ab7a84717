using CheckoutFunctions.Tests.Api;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>A checkout as its session and its orchestration show it at the end.</summary>
internal sealed record AtRest(string CheckoutId, string Status, string? OrderId, long? GrandTotal)
{
    public bool IsOpen => Status is not ("COMPLETED" or "CANCELLED");
}

/// <summary>The shop after the storm: everything comes to an end or waits for its buyer, and what waits can be used.</summary>
internal sealed class Rest(ShopProcess shop, IReadOnlyList<Visit> visits)
{
    private readonly Dictionary<string, string> expected = visits.ToDictionary(visit => visit.Shopper.Id, visit => visit.Errand.EndsAs);
    private readonly List<Shopper> late = [];

    /// <summary>Waits until each checkout is where its buyer left it, and the orchestrations of those that ended have ended.</summary>
    public async Task Come()
    {
        foreach (var visit in visits)
        {
            Assert.Equal(expected[visit.Shopper.Id], (await visit.Look()).Status());
            await HasSettled(visit.Shopper.Id, expected[visit.Shopper.Id]);
        }

        foreach (var shopper in late)
            await HasSettled(shopper.Id, "COMPLETED");
    }

    public async Task<IReadOnlyDictionary<string, int>> Statuses() => (await Sessions()).CountBy(session => session.Status).ToDictionary();

    public async Task<IReadOnlyList<AtRest>> Sessions()
    {
        var sessions = new List<AtRest>();
        foreach (var shopper in visits.Select(visit => visit.Shopper).Concat(late))
        {
            var session = (await shopper.Get()).Is(200);
            sessions.Add(new(shopper.Id, session.Status()!, session.Text("order_id"), session.IsNull("grand_total") ? null : session.Number("grand_total")));
        }

        return sessions;
    }

    /// <summary>Every open checkout still answers its buyer.</summary>
    public async Task TakeCommands()
    {
        foreach (var (shopper, _, errand) in visits.Where(visit => visit.Errand.EndsAs is not ("COMPLETED" or "CANCELLED")))
        {
            var reply = await shopper.Put("customer", new { email = "late@example.com" });
            if (errand.EndsAs == "ACTION_REQUIRED")
                reply.Refuses(409, "step_not_ready");
            else
                Assert.Equal(errand.EndsAs, reply.Is(200).Status());
        }
    }

    /// <summary>Of each kind of open checkout, one is paid for; but not what is sold out.</summary>
    public async Task FinishOneOfEach()
    {
        var errands = new Errands(shop.Providers);
        var open = visits.Where(visit => visit.Errand.EndsAs is not ("COMPLETED" or "CANCELLED") && visit.Errand.Sku != "GONE-000");
        foreach (var visit in open.DistinctBy(visit => visit.Errand.EndsAs))
        {
            await errands.Finish(visit.Shopper, await visit.Look());
            expected[visit.Shopper.Id] = "COMPLETED";
        }
    }

    /// <summary>Buyers held it and cancelled, under all the kills: it must be free again.</summary>
    public async Task SellTheLast()
    {
        var shopper = await shop.ReadyShopper("LAST-001");
        (await shopper.Pay()).Is(200);
        late.Add(shopper);
    }

    private async Task HasSettled(string id, string status)
    {
        var wanted = status is "COMPLETED" or "CANCELLED" ? "Completed" : "Running";
        for (var look = 0; ; look++)
        {
            var reply = await shop.Send(HttpMethod.Get, $"/runtime/webhooks/durabletask/instances/{id}?code={ShopProcess.OperatorKey}", null, null, null);
            if (reply.Status is 200 or 202 && reply.Text("runtimeStatus") == wanted)
                return;
            Assert.True(look < 600, $"{id}, which is {status}, is stuck: {reply}");
            await Task.Delay(100);
        }
    }
}
