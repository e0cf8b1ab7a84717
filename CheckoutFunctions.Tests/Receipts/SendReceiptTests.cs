using CheckoutFunctions.Domain;
using CheckoutFunctions.Emails;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Receipts;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Database;
using CheckoutFunctions.Tests.Providers;
using CheckoutFunctions.Tests.Sessions;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Tests.Receipts;

public sealed class SendReceiptTests : IAsyncLifetime, IMailer
{
    private readonly List<(EmailKey Key, Email Email)> sent = [];

    private TestShop shop = null!;
    private TestSessions sessions = null!;
    private PoisonMessages poison = null!;
    private SendReceipt function = null!;
    private Exception? fault;

    TimeSpan IMailer.MostTime => TimeSpan.FromSeconds(20);

    public async Task InitializeAsync()
    {
        (shop, sessions) = (await TestShop.InMemory(), await TestSessions.OnSqlite());
        await shop.Reserve("chk_1", ("TEA", 2));
        await shop.Place("chk_1");
        poison = new(shop.Database, shop.Clock);
        var receipts = new ReceiptWriter(shop.Orders, new RefundBook(shop.Database, shop.Clock), sessions.Store, new ShopOptions { Name = "Tea shop", Email = "orders@tea.example" });
        function = new(receipts, new SentEmails(shop.Database, this, shop.Clock), poison);
    }

    public Task DisposeAsync()
    {
        shop.Dispose();
        sessions.Dispose();
        return Task.CompletedTask;
    }

    Task IMailer.Send(EmailKey key, Email email, CancellationToken cancellation)
    {
        if (fault is not null)
            throw fault;
        sent.Add((key, email));
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_buyer_gets_one_email_with_the_receipt_however_often_the_message_comes()
    {
        await Completed();

        await Deliver("""{"OrderId":"ord_chk_1","CheckoutId":"chk_1"}""");
        await Deliver("""{"orderId":"ord_chk_1","checkoutId":"chk_1","more":1}""");

        var (key, email) = Assert.Single(sent);
        Assert.Equal("receipt.ord_chk_1", key.ToString());
        Assert.Equal(("ada@example.com", "Your order at Tea shop"), (email.To, email.Subject));
        Assert.Contains("Total: 41.00 USD", email.Text, StringComparison.Ordinal);
        var attachment = Assert.Single(email.Attachments);
        Assert.Equal(("receipt-ord_chk_1.pdf", "application/pdf"), (attachment.FileName, attachment.ContentType));
        Assert.Contains("Grand total USD 41.00", Assert.Single(ReceiptPdfTests.TextOf(attachment.Content)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not JSON")]
    [InlineData("""{"Id":"ord_chk_1"}""")]
    [InlineData("""{"OrderId":1,"CheckoutId":"chk_1"}""")]
    [InlineData("""["ord_chk_1"]""")]
    public async Task A_message_of_another_shape_fails_and_is_kept_with_its_reason(string message)
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Deliver(message));

        Assert.Contains("doesn't say which order", (await poison.Store(SendReceipt.Queue, message, default)).Error, StringComparison.Ordinal);
        Assert.Empty(sent);
    }

    [Fact]
    public async Task A_message_about_an_order_that_is_not_there_fails()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Deliver("""{"OrderId":"ord_9","CheckoutId":"chk_9"}"""));

        Assert.Equal("There is no paid order ord_9.", failure.Message);
    }

    [Fact]
    public async Task Before_its_money_is_taken_an_order_has_no_receipt()
    {
        await sessions.Store.Create(TestSessions.New("chk_1", status: CheckoutStatus.Paying), default);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Deliver("""{"OrderId":"ord_chk_1","CheckoutId":"chk_1"}"""));

        Assert.Empty(sent);
    }

    [Fact]
    public async Task An_order_that_was_never_paid_has_none_either_when_its_checkout_was_forgotten()
    {
        await new OrderArchive(shop.Database).Keep("ord_chk_1", "hash", null, default);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Deliver("""{"OrderId":"ord_chk_1","CheckoutId":"chk_1"}"""));
    }

    [Fact]
    public async Task Without_an_address_there_is_nothing_to_send_and_the_message_is_done()
    {
        await Completed();
        await shop.Tell("UPDATE orders SET email = NULL");

        await Deliver("""{"OrderId":"ord_chk_1","CheckoutId":"chk_1"}""");

        Assert.Empty(sent);
        Assert.Equal(0, await shop.Ask<long>("SELECT COUNT(*) FROM emails"));
    }

    [Fact]
    public async Task A_mail_that_is_not_taken_is_thrown_for_the_host_to_try_again_and_forgotten_once_it_is()
    {
        await Completed();
        fault = new TimeoutException("The mail server is down.");
        await Assert.ThrowsAsync<TimeoutException>(() => Deliver("""{"OrderId":"ord_chk_1","CheckoutId":"chk_1"}"""));
        Assert.Equal("TimeoutException: The mail server is down.", await shop.Ask<string>("SELECT error FROM poison_messages"));

        fault = null;
        await Deliver("""{"OrderId":"ord_chk_1","CheckoutId":"chk_1"}""");

        Assert.Single(sent);
        Assert.Equal(0, await shop.Ask<long>("SELECT COUNT(*) FROM poison_messages"));
    }

    [Fact]
    public async Task What_the_host_gives_up_on_is_said_aloud_with_its_order_and_the_reason()
    {
        var log = new LogLines();
        using var factory = new LoggerFactory([log]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Deliver("""{"OrderId":"ord_9","CheckoutId":"chk_9"}"""));

        await new KeepPoison(poison, factory.CreateLogger<KeepPoison>()).Run("""{"OrderId":"ord_9","CheckoutId":"chk_9"}""", default);

        var kept = Assert.Single(await poison.List(10, null, default));
        var line = Assert.Single(log.Lines);
        Assert.Contains("order ord_9 could not be sent: InvalidOperationException: There is no paid order ord_9.", line, StringComparison.Ordinal);
        Assert.Contains(kept.Id, line, StringComparison.Ordinal);
    }

    private Task<bool> Completed() => sessions.Store.Create(TestSessions.New("chk_1", status: CheckoutStatus.Completed), default);

    private Task Deliver(string message) => function.Run(message, default);
}
