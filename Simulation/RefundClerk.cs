using CheckoutFunctions.Database;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Refunds;
using Dapper;

namespace Simulation;

/// <summary>Operators who refund orders at random times: a part, the rest, too much, two at once, the same twice; and who look after what is parked.</summary>
internal class RefundClerk(Random random, RefundClient desk, RefundBook refunds, ShopDatabase shop, ManualTimeProvider clock)
{
    private readonly List<RefundRequest> cutOff = [];
    private int visitsLeft = random.Next(2) == 0 ? 0 : random.Next(1, 5);

    /// <summary>How many refunds were asked for.</summary>
    protected int Requests { get; set; }

    protected RefundClient Desk => desk;

    public DateTimeOffset? NextVisit { get; private set; } = clock.GetUtcNow().AddHours(random.Next(1, 60));

    /// <summary>By refund, or by order where a refund was asked for.</summary>
    public HashSet<(string Subject, string Outcome)> Outcomes { get; } = [];

    public async Task Visit(DurableTaskClient client)
    {
        // The request that never got its answer is sent again.
        foreach (var request in cutOff)
            await desk.Request(client, request with { RefundId = $"{request.RefundId}-again" }, CancellationToken.None);
        cutOff.Clear();
        foreach (var (orderId, refundId) in await Open("state = 'needs_attention'"))
        {
            Outcomes.Add((RefundState.InstanceOf(orderId, refundId), "RefundNeedsAttention"));
            if (random.Next(3) > 0)
                await desk.Retry(client, (await refunds.Find(orderId, refundId, CancellationToken.None))!, "retry", CancellationToken.None);
        }

        if (visitsLeft-- > 0)
            await Refund(client);
        NextVisit = visitsLeft > 0 || cutOff.Count > 0 ? clock.GetUtcNow().AddHours(random.Next(1, 40)) : null;
    }

    /// <summary>Comes back for as long as something waits for an operator.</summary>
    public async Task LookAround()
    {
        if (NextVisit is null && Requests > 0 && (await Open("state = 'needs_attention'")).Count > 0)
            NextVisit = clock.GetUtcNow().AddHours(random.Next(1, 30));
    }

    protected virtual async Task Refund(DurableTaskClient client)
    {
        var orders = (await shop.Read(connection => connection.QueryAsync<(string Id, long Total)>("SELECT order_id, grand_total FROM orders ORDER BY order_id"))).ToList();
        if (orders.Count == 0)
            return;

        var (orderId, total) = orders[random.Next(orders.Count)];
        for (var operators = random.Next(3) == 0 ? 2 : 1; operators > 0; operators--)
        {
            var request = Wish(orderId, total);
            if (random.Next(6) == 0)
            {
                // The process ends between the gate and the start.
                cutOff.Add(request);
                await Paid(request, () => refunds.Request(request, CancellationToken.None));
                continue;
            }

            var gate = await desk.Request(client, request, CancellationToken.None);
            Outcomes.Add((orderId, $"Refund{gate?.Outcome.ToString() ?? "NotPaid"}"));
            if (random.Next(4) == 0)
                await desk.Request(client, request with { RefundId = $"{request.RefundId}-again" }, CancellationToken.None);
        }
    }

    private RefundRequest Wish(string orderId, long total)
    {
        var id = $"ref_{++Requests}";
        long? amount = random.Next(5) switch { 0 or 1 => null, 2 => total, _ => random.NextInt64(1, total) };
        IReadOnlyList<RefundLine>? restock = random.Next(4) switch
        {
            0 => [new("TEA-100", random.Next(1, 4))],
            1 => [],
            _ => null,
        };
        return new(id, orderId, amount, "damaged", restock, $"key-{id}", $"body-{id}");
    }

    /// <summary>The gate alone doesn't know whether the money was taken; the desk asks first.</summary>
    private async Task Paid(RefundRequest request, Func<Task> then)
    {
        if (await desk.IsPaid(request.OrderId, CancellationToken.None))
            await then();
    }

    private async Task<List<(string OrderId, string RefundId)>> Open(string where) =>
        (await shop.Read(connection => connection.QueryAsync<(string, string)>($"SELECT order_id, refund_id FROM refunds WHERE {where} ORDER BY refund_id"))).ToList();
}
