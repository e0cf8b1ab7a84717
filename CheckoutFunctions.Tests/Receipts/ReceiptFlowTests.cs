using CheckoutFunctions.Tests.Api;
using CheckoutFunctions.Tests.Emails;
using MimeKit;

namespace CheckoutFunctions.Tests.Receipts;

/// <summary>From the buyer's click to the e-mail, over HTTP and the queue.</summary>
public sealed class ReceiptFlowTests
{
    [Fact]
    public async Task Buying_leads_to_one_email_with_a_receipt_of_exactly_the_total()
    {
        await using var shop = await Shop.Open();
        var shopper = await Ready(shop, discount: "WELCOME10");

        var paid = (await shopper.PayAndWait()).Is(200);

        var order = paid.Text("order_id")!;
        var mail = await MailOf(shop, order);
        Assert.Equal("ada@example.com", mail.To.ToString());
        var text = string.Join(' ', ReceiptPdfTests.TextOf(PdfOf(mail)));
        Assert.Contains($"Grand total USD {paid.Number("grand_total") / 100m:N2}", text, StringComparison.Ordinal);
        Assert.All(
            [order, "Assam tea, 100 g TEA-100 2 12.50 25.00", "Discount WELCOME10 -2.50", "Shipping, FedEx Ground", "Tax (TaxJar)", "1 Main St", "Page 1 of 1"],
            part => Assert.Contains(part, text, StringComparison.Ordinal));

        var receipt = (await shop.Send(HttpMethod.Get, $"/api/orders/{order}/receipt", secret: shopper.Secret)).Is(200);
        Assert.Equal("application/pdf", receipt.ContentType);
        Assert.StartsWith("%PDF-1.", receipt.Body, StringComparison.Ordinal);
        (await shop.Send(HttpMethod.Get, $"/api/orders/{order}/receipt", secret: "cs_wrong")).Refuses(404, "checkout_not_found");
        (await shop.Send(HttpMethod.Get, $"/api/orders/{order}/receipt")).Refuses(404, "checkout_not_found");
        (await shop.Send(HttpMethod.Get, "/api/orders/ord_unknown/receipt", secret: shopper.Secret)).Refuses(404, "checkout_not_found");
    }

    [Fact]
    public async Task A_message_that_is_delivered_three_times_is_one_email()
    {
        await using var shop = await Shop.Open();
        var shopper = await Ready(shop);
        var order = (await shopper.PayAndWait()).Is(200).Text("order_id")!;
        await MailOf(shop, order);
        var file = new FileInfo(PathOf(shop, order));
        var written = file.LastWriteTimeUtc;

        var body = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($$"""{"OrderId":"{{order}}","CheckoutId":"{{shopper.Id}}"}"""));
        foreach (var id in new[] { "again-1", "again-2" })
            await shop.Tell("queues.db", $"INSERT INTO messages (id, queue, body, visible_at) VALUES ('{id}', 'order-placed', '{body}', 0)");
        await QueueIsEmpty(shop, published: 3);

        file.Refresh();
        Assert.Equal(written, file.LastWriteTimeUtc);
        Assert.Single(file.Directory!.GetFiles());
        Assert.Equal(1, await shop.Ask<long>("orders.db", "SELECT COUNT(*) FROM emails WHERE sent_at IS NOT NULL"));
    }

    [Fact]
    public async Task A_buyer_without_an_address_gets_none_and_nothing_is_left_over()
    {
        await using var shop = await Shop.Open();
        var shopper = await shop.ReadyShopper();

        (await shopper.PayAndWait()).Is(200);
        await QueueIsEmpty(shop, published: 1);

        Assert.False(Directory.Exists(Path.Combine(shop.Folder, "outbox")));
        Assert.Equal(0, await shop.Ask<long>("orders.db", "SELECT COUNT(*) FROM poison_messages"));
    }

    [Fact]
    public async Task A_mail_server_that_is_down_breaks_no_sale_and_the_receipt_goes_out_when_an_operator_says_so()
    {
        int port;
        await using (var down = new SmtpServer())
            port = down.Port;
        await using var shop = await Shop.Open(("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{port}"), ("Smtp:StartTls", "false"), ("Smtp:From", "orders@tea.example"));
        var shopper = await Ready(shop);

        var order = (await shopper.PayAndWait()).Is(200).Text("order_id")!;

        var message = await Poison(shop, state: "waiting");
        var id = message.GetProperty("id").GetString()!;
        Assert.Equal(order, message.GetProperty("order_id").GetString());
        Assert.Contains("SocketException", message.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains(shop.LogLines, line => line.Contains($"The receipt of order {order} could not be sent", StringComparison.Ordinal));

        await using var up = new SmtpServer(port) { OffersTls = false };
        (await shop.Operate($"queues/poison/{id}/retry")).Is(202);
        await Poison(shop, state: "done");
        Assert.Contains("RCPT TO:<ada@example.com>", up.Lines);

        // Twice is harmless.
        (await shop.Operate($"queues/poison/{id}/retry")).Is(202);
        await Poison(shop, state: "done");
        await QueueIsEmpty(shop, published: 3);
        Assert.Equal($"receipt.{order}@tea.example", MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Assert.Single(up.Mails)))).MessageId);
        Assert.Contains(shop.LogLines, line => line.Contains($"An operator retries message {id} about order {order}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Operators_are_told_what_is_wrong_with_their_request()
    {
        await using var shop = await Shop.Open();

        (await shop.Operate("queues/poison/psn_unknown/retry")).Refuses(404, "poison_message_not_found");
        (await List(shop, "&limit=0")).Refuses(400, "invalid_request");
        (await List(shop, "&cursor=yesterday")).Refuses(400, "invalid_request");
        Assert.Equal("""{"messages":[],"next_cursor":null}""", (await List(shop)).Is(200).Body);
        (await shop.Send(HttpMethod.Get, "/api/operations/queues/poison")).Is(401);
        (await shop.Send(HttpMethod.Post, "/api/operations/queues/poison/psn_unknown/retry")).Is(401);
    }

    private static async Task<Shopper> Ready(Shop shop, string? discount = null)
    {
        var shopper = await shop.Shopper(quantity: 2);
        (await shopper.Put("customer", new { email = "ada@example.com" })).Is(200);
        if (discount is not null)
            (await shopper.Discount(discount)).Is(200);
        await shopper.GoToPayment();
        return shopper;
    }

    private static string PathOf(Shop shop, string order) => Path.Combine(shop.Folder, "outbox", $"receipt.{order}.eml");

    private static async Task<MimeMessage> MailOf(Shop shop, string order)
    {
        await Until(() => Task.FromResult(File.Exists(PathOf(shop, order))));
        return await MimeMessage.LoadAsync(PathOf(shop, order));
    }

    private static byte[] PdfOf(MimeMessage mail)
    {
        using var content = new MemoryStream();
        Assert.IsType<MimePart>(Assert.Single(mail.Attachments)).Content!.DecodeTo(content);
        return content.ToArray();
    }

    private static Task<Reply> List(Shop shop, string more = "") => shop.Send(HttpMethod.Get, $"/api/operations/queues/poison?code={shop.OperatorKey}{more}");

    /// <summary>The one message that operators see, once it is in this state; what the host waits with comes at once.</summary>
    private static async Task<System.Text.Json.JsonElement> Poison(Shop shop, string state)
    {
        var found = default(System.Text.Json.JsonElement);
        await Until(async () =>
        {
            shop.Ahead += TimeSpan.FromSeconds(10);
            var messages = (await List(shop)).Is(200)["messages"].EnumerateArray().ToList();
            if (messages.Count == 0 || messages[0].GetProperty("state").GetString() != state)
                return false;
            found = Assert.Single(messages);
            return true;
        });
        return found;
    }

    private static Task QueueIsEmpty(Shop shop, int published) => Until(async () =>
        await shop.Ask<long>("queues.db", "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0)") >= published
        && await shop.Ask<long>("queues.db", "SELECT COUNT(*) FROM messages") == 0);

    private static async Task Until(Func<Task<bool>> isSo)
    {
        for (var look = 0; !await isSo(); look++)
        {
            Assert.True(look < 600, "What was waited for never came.");
            await Task.Delay(100);
        }
    }
}
