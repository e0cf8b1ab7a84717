using CheckoutFunctions.Orders;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Orders;

/// <summary>The gate: an order of 4100 with 850 tax and two teas.</summary>
public abstract class RefundBookTests(Sql sql) : IAsyncLifetime
{
    private TestShop shop = null!;

    private RefundBook refunds = null!;

    [StoreFact]
    public async Task Operators_at_once_give_back_no_more_than_was_paid()
    {
        using var onDisk = await TestShop.Shared(sql);
        await onDisk.Reserve("chk_1", ("TEA", 2));
        await onDisk.Place("chk_1");
        using var another = onDisk.AnotherProcess();
        RefundBook[] books = [new(onDisk.Database, onDisk.Clock), new(another, onDisk.Clock)];

        var gates = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => books[i % 2].Request(Wish($"ref_{i}", 1000), default))));

        Assert.Equal(4, gates.Count(gate => gate.Outcome == RefundGateOutcome.Accepted));
        Assert.All(gates.Where(gate => gate.Outcome != RefundGateOutcome.Accepted), gate => Assert.Equal(RefundGateOutcome.ExceedsOrder, gate.Outcome));
        Assert.Equal(4000, await onDisk.Ask<long>("SELECT SUM(amount) FROM refunds"));
    }

    [StoreFact]
    public async Task Without_an_amount_it_is_all_that_is_left_with_all_lines_that_are_left()
    {
        await Request(Wish("ref_1", 1000, new RefundLine("TEA", 1)));

        var rest = (await Request(Wish("ref_2", null))).Refund!;

        Assert.Equal((3100, RefundStatus.Requested), (rest.Amount, rest.Status));
        Assert.Equal([new("TEA", 1)], rest.Restock);
        Assert.Equal((RefundGateOutcome.ExceedsOrder, 0L), await Request(Wish("ref_3", null)) is var gate ? (gate.Outcome, gate.Left) : default);
    }

    [StoreFact]
    public async Task An_amount_alone_brings_no_goods_back() => Assert.Empty((await Request(Wish("ref_1", 4100))).Refund!.Restock);

    [StoreFact]
    public async Task Only_what_was_sold_can_come_back()
    {
        Assert.Equal((RefundGateOutcome.ExceedsSold, "TEA"), await Request(Wish("ref_1", 100, new RefundLine("TEA", 3))) is var gate ? (gate.Outcome, gate.Sku) : default);
        Assert.Equal(RefundGateOutcome.ExceedsSold, (await Request(Wish("ref_2", 100, new RefundLine("MUG", 1)))).Outcome);
        Assert.Equal(0, await shop.Ask<long>("SELECT COUNT(*) FROM refunds"));
    }

    [StoreFact]
    public async Task The_same_key_is_the_same_refund()
    {
        var first = await Request(Wish("ref_1", 1000) with { KeyHash = "key" });
        var again = await Request(Wish("ref_2", 2000) with { KeyHash = "key", RequestHash = "other" });

        Assert.Equal((RefundGateOutcome.Repeated, "ref_1", "body"), (again.Outcome, again.Refund!.RefundId, again.Refund.RequestHash));
        Assert.Equal(first.Refund!.Amount, again.Refund.Amount);
        Assert.Equal(1000, await shop.Ask<long>("SELECT refunds_total FROM orders"));
    }

    [StoreFact]
    public async Task A_refund_that_failed_no_longer_counts_and_stays_failed()
    {
        await Request(Wish("ref_1", null));
        await refunds.Save(new("ref_1", 1, RefundStatus.Failed, null, "charge_disputed"), default);
        await refunds.Save(new("ref_1", 1, RefundStatus.Failed, null, "charge_disputed"), default);
        await refunds.Save(new("ref_1", 2, RefundStatus.Refunded), default);

        Assert.Equal(RefundStatus.Failed, (await refunds.Find("ord_chk_1", "ref_1", default))!.Status);
        Assert.Equal(0, await shop.Ask<long>("SELECT refunds_total + refunds_tax + (SELECT SUM(returned) FROM order_lines) FROM orders"));
        Assert.Equal(RefundGateOutcome.Accepted, (await Request(Wish("ref_2", null))).Outcome);
    }

    [StoreFact]
    public async Task An_older_word_that_comes_late_changes_nothing()
    {
        await Request(Wish("ref_1", 1000));
        Assert.True(await refunds.Save(new("ref_1", 2, RefundStatus.Refunded, "re_1"), default));
        Assert.False(await refunds.Save(new("ref_1", 1, RefundStatus.NeedsAttention, null, "late"), default));

        var refund = Assert.Single(await refunds.Of("ord_chk_1", default));
        Assert.Equal((RefundStatus.Refunded, "re_1", null), (refund.Status, refund.ProviderId, refund.Detail));
    }

    [StoreFact]
    public async Task The_order_shows_what_the_buyer_has_got_back()
    {
        await Request(Wish("ref_1", 1000));
        Assert.Equal((OrderState.Placed, 0L), await Shown());
        await refunds.Save(new("ref_1", 1, RefundStatus.Refunded), default);
        Assert.Equal((OrderState.PartiallyRefunded, 1000L), await Shown());
        await Request(Wish("ref_2", null));
        await refunds.Save(new("ref_2", 1, RefundStatus.Refunded), default);
        Assert.Equal((OrderState.Refunded, 4100L), await Shown());
    }

    [StoreTheory]
    [InlineData(7)]
    [InlineData(333)]
    [InlineData(4099)]
    public async Task The_shares_of_the_tax_add_up_and_never_exceed_their_amount(long part)
    {
        for (var (left, number) = (4100L, 0); left > 0; left -= part, number++)
        {
            var refund = (await Request(Wish($"ref_{number}", Math.Min(part, left)))).Refund!;
            Assert.InRange(refund.Tax, 0, refund.Amount);
        }

        Assert.Equal(850, await shop.Ask<long>("SELECT SUM(tax) FROM refunds"));
    }

    [StoreFact]
    public async Task A_cancelled_order_and_one_that_does_not_exist_have_nothing_to_refund()
    {
        await shop.Cancel("chk_1");
        Assert.Equal(RefundGateOutcome.OrderCancelled, (await Request(Wish("ref_1", null))).Outcome);
        Assert.Equal(RefundGateOutcome.UnknownOrder, (await Request(Wish("ref_1", null) with { OrderId = "ord_unknown" })).Outcome);
    }

    public async Task InitializeAsync()
    {
        shop = await TestShop.Open(sql);
        refunds = new(shop.Database, shop.Clock);
        await shop.Reserve("chk_1", ("TEA", 2));
        await shop.Place("chk_1");
    }

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    private static RefundRequest Wish(string id, long? amount, params RefundLine[] restock) =>
        new(id, "ord_chk_1", amount, "damaged", restock.Length == 0 ? null : restock, null, "body");

    private Task<RefundGate> Request(RefundRequest request) => refunds.Request(request, default);

    private async Task<(OrderState, long)> Shown() => (await shop.Orders.Find("ord_chk_1", default)) is { } order ? (order.State, order.Refunded) : default;
}

public sealed class SqliteRefundBookTests() : RefundBookTests(Sql.Sqlite)
{
    [Fact]
    public Task The_shares_of_the_tax_add_up_cent_by_cent() => The_shares_of_the_tax_add_up_and_never_exceed_their_amount(1);
}

public sealed class PostgresRefundBookTests() : RefundBookTests(Sql.Postgres);
