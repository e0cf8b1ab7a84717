using System.Text;

namespace CheckoutFunctions.Tests.Api;

/// <summary>A card number is refused however it is spelled, and nothing keeps it; nor a client's secret.</summary>
public class CardNumberTests(Shop shop) : IClassFixture<Shop>
{
    [Theory]
    [InlineData("""{ "payment_token": "4242424242424242" }""")]
    [InlineData("""{ "payment_token": "4242 4242 4242 4242" }""")]
    [InlineData("""{ "payment_token": "4242-4242-4242-4242" }""")]
    [InlineData("""{ "payment_token": "4242.4242.4242.4242" }""")]
    [InlineData("""{ "payment_token": "4242  4242  4242  4242" }""")]
    [InlineData("""{ "payment_token": "4242424242424242 123" }""")]
    [InlineData("""{ "payment_token": "4242 4242 4242 4242 12/29 123" }""")]
    [InlineData("""{ "payment_token": "378282246310005" }""")]
    [InlineData("""{ "payment_token": "3782 822463 10005" }""")]
    [InlineData("""{ "payment_token": "5555555555554444" }""")]
    [InlineData("""{ "payment_token": 4242424242424242 }""")]
    [InlineData("""{ "payment_token": "\u0034242424242424242" }""")]
    [InlineData("""{ "payment_token": "４２４２４２４２４２４２４２４２" }""")]
    [InlineData("""{ "payment_token": "pm_card_visa", "card": { "number": "4242424242424242", "exp_month": 12 } }""")]
    [InlineData("""{ "payment_token": "pm_card_visa", "4242424242424242": true }""")]
    [InlineData("""{ "payment_token": "4242424242424242" """)]
    public async Task A_card_number_in_place_of_a_token_is_refused_and_nothing_changes(string body)
    {
        var ada = await shop.ReadyShopper();

        var refused = await ada.IsUnchangedBy(() => shop.SendRaw(HttpMethod.Post, $"/api/checkout/{ada.Id}/complete", body, ada.Secret));

        refused.Refuses(422, "raw_card_data");
        Assert.DoesNotContain("4242", refused.Body, StringComparison.Ordinal);
        await shop.Providers.HoldNothing(ada);
        (await ada.Pay()).Is(200);
    }

    [Fact]
    public async Task No_call_takes_a_card_number()
    {
        const string Card = "4000056655665556";
        var ada = await shop.Shopper();
        var replies = new[]
        {
            await shop.Start(new { cart = new { cart_id = Card, currency = "USD", items = new[] { new { sku = "TEA-100", quantity = 1 } } } }),
            await ada.Put("customer", new { email = "ada@example.com", account_id = Card }),
            await ada.Discount(Card),
            await ada.ShipTo(new { name = Card, line1 = "1 Main St", country = "US" }),
            await ada.Choose(Card),
            await ada.Post("cancel", new { reason = Card }),
        };

        Assert.All(replies, reply => reply.Refuses(422, "raw_card_data"));
        Assert.Equal("CART", (await ada.Get()).Status());
    }

    [Fact]
    public async Task A_refused_card_number_is_in_no_file_and_in_no_log_line()
    {
        const string Card = "4000002500003155";
        var ada = await shop.ReadyShopper();

        (await ada.Pay(Card, key: "with-a-key")).Refuses(422, "raw_card_data");
        (await ada.Pay("4000 0025 0000 3155")).Refuses(422, "raw_card_data");
        (await ada.Pay()).Is(200);

        await IsKeptNowhere(Card, "4000 0025 0000 3155");
    }

    [Fact]
    public async Task A_client_secret_is_in_no_file_and_in_no_log_line()
    {
        var ada = await shop.ReadyShopper();
        (await ada.Pay()).Is(200);
        var keyed = (await shop.Start(Shopper.Cart("TEA-100", 1), key: "a-clients-key")).Is(201);

        await IsKeptNowhere(ada.Secret, keyed.Text("client_secret")!, "a-clients-key");
    }

    [Theory]
    [InlineData("""{ "payment_token": "pm_card_visa", "weight": 0.4242424242424242 }""")]
    [InlineData("""{ "payment_token": "pm_card_visa", "order": "4242424242424241" }""")]
    [InlineData("""{ "payment_token": "pm_card_visa", "note": "a4242424242424242" }""")]
    public async Task What_is_no_card_number_is_let_through(string body)
    {
        var ada = await shop.ReadyShopper();

        (await shop.SendRaw(HttpMethod.Post, $"/api/checkout/{ada.Id}/complete", body, ada.Secret)).Is(200);
    }

    private async Task IsKeptNowhere(params string[] secrets)
    {
        foreach (var file in Directory.EnumerateFiles(shop.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var content = await reader.ReadToEndAsync();
            Assert.All(secrets, secret => Assert.False(content.Contains(secret, StringComparison.Ordinal), $"{file} holds {secret}."));
        }

        Assert.NotEmpty(shop.LogLines);
        Assert.All(secrets, secret => Assert.DoesNotContain(shop.LogLines, line => line.Contains(secret, StringComparison.Ordinal)));
    }
}
