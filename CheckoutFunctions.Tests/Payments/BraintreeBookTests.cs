using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>The book of what was sent to Braintree: the gate of every authorization.</summary>
public abstract class BraintreeBookTests(Sql sql) : IAsyncLifetime
{
    private TestShop shop = null!;
    private BraintreeBook book = null!;

    [StoreFact]
    public async Task Of_many_that_begin_one_sends_and_none_once_it_is_closed()
    {
        await Add("pay_1");
        var seen = (await book.Find("pay_1", default))!;

        var begun = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => book.Begin("pay_1", seen, default))));

        Assert.Single(begun, true);
        await book.NoEffect("pay_1", seen, default);
        await book.Close("pay_1", default);
        Assert.False(await book.Begin("pay_1", (await book.Find("pay_1", default))!, default));
        Assert.True(await book.Know("pay_1", "tra_1", default));
        Assert.Equal((1, "tra_1", null), (await book.Find("pay_1", default)) is { } known ? (known.Attempts, known.TransactionId, known.Token) : default);
    }

    [StoreFact]
    public async Task The_transactions_that_are_known_are_found()
    {
        foreach (var id in new[] { "pay_1", "pay_2", "pay_3" })
            await Add(id);
        await book.Know("pay_1", "tra_1", default);
        await book.Know("pay_3", "tra_3", default);
        await book.Refuse("pay_2", "91565", default);

        Assert.Equal([("pay_1", "tra_1")], (await book.TransactionsOf(["pay_1", "pay_2", "pay_9"], default)).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal("91565", (await book.Find("pay_2", default))!.Refused);
        Assert.Null(await book.Find("pay_9", default));
    }

    [StoreFact]
    public async Task A_refund_is_sent_again_only_when_it_can_not_come_any_more()
    {
        var refund = new RefundPayment("key", "pay_1", new Money(100, "USD"));
        var begun = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => book.BeginRefund(refund, true, shop.Clock.GetUtcNow().AddMinutes(-1), default))));
        Assert.Single(begun, true);

        shop.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await book.BeginRefund(refund, false, shop.Clock.GetUtcNow().AddMinutes(-1), default));
        await book.EndRefund("key", "ref_1", default);

        Assert.Equal((0, "ref_1"), (await book.FindRefund("key", default)) is { } given ? (given.Whole, given.GivenId) : default);
    }

    public async Task InitializeAsync()
    {
        shop = await TestShop.Open(sql);
        book = new BraintreeBook(shop.Database, shop.Clock);
    }

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    private Task Add(string id) => book.Add(id, new(id + ":create", "chk_1", new Money(1000, "USD"), "nonce"), isSingleUse: true, default);
}

public sealed class SqliteBraintreeBookTests() : BraintreeBookTests(Sql.Sqlite);

public sealed class PostgresBraintreeBookTests() : BraintreeBookTests(Sql.Postgres);
