using System.Text;

namespace CheckoutFunctions.Tests.Api;

/// <summary>What <c>POST /api/checkout</c> refuses.</summary>
public class StartErrorTests(Shop shop) : IClassFixture<Shop>
{
    public static TheoryData<string, string?> InvalidBodies => new()
    {
        { "", "/cart" },
        { "{}", "/cart" },
        { "{", null },
        { "[]", null },
        { "null", null },
        { "\"cart\"", null },
        { "42", null },
        { "{} {}", null },
        { "{ \"cart\": null }", "/cart" },
        { "{ \"cart\": [] }", "/cart" },
        { "{ \"cart\": { \"currency\": \"USD\" } }", "/cart/items" },
        { Cart("\"items\": []"), "/cart/items" },
        { Cart("\"items\": {}"), "/cart/items" },
        { Cart("\"items\": [1]"), "/cart/items/0" },
        { Cart($"\"items\": [{string.Join(',', Enumerable.Repeat(Item("1"), 101))}]"), "/cart/items" },
        { Items(Item("0")), "/cart/items/0/quantity" },
        { Items(Item("1000")), "/cart/items/0/quantity" },
        { Items(Item("-1")), "/cart/items/0/quantity" },
        { Items(Item("1.5")), "/cart/items/0/quantity" },
        { Items(Item("\"2\"")), "/cart/items/0/quantity" },
        { Items(Item("null")), "/cart/items/0/quantity" },
        { Items(Item("1e400")), "/cart/items/0/quantity" },
        { Items(Item("99999999999999999999999")), "/cart/items/0/quantity" },
        { Items(Item("1"), Item("0")), "/cart/items/1/quantity" },
        { Items(Item("999"), Item("1")), "/cart/items" },
        { Items("""{ "quantity": 1 }"""), "/cart/items/0/sku" },
        { Items("""{ "sku": "", "quantity": 1 }"""), "/cart/items/0/sku" },
        { Items("""{ "sku": "TEA\u0000", "quantity": 1 }"""), "/cart/items/0/sku" },
        { Items("""{ "sku": "TEA-100", "quantity": 1, "unit_price": "1250" }"""), "/cart/items/0/unit_price" },
        { Items("""{ "sku": "TEA-100", "quantity": 1, "unit_price": -1 }"""), "/cart/items/0/unit_price" },
        { Items(Item("1")).Replace("USD", "usd"), "/cart/currency" },
        { Items(Item("1")).Replace("USD", "XXX"), "/cart/currency" },
        { Items(Item("1")).Replace("USD", "US DOLLARS"), "/cart/currency" },
        { Items(Item("1")).Replace("\"USD\"", "840"), "/cart/currency" },
        { WithEmail("\"ada\""), "/customer/email" },
        { WithEmail("\"ada@example\""), "/customer/email" },
        { WithEmail("\"Ada <ada@example.com>\""), "/customer/email" },
        { WithEmail("\"ada@example.com\\nBcc: x@example.com\""), "/customer/email" },
        { WithEmail("null"), "/customer/email" },
        { WithEmail($"\"{new string('a', 300)}@example.com\""), "/customer/email" },
        { Items(Item("1")).Replace("\"USD\"", "\"USD\", \"cart_id\": \"\\ud800\""), null },
        { Items(Item("1")).Replace("\"USD\"", $"\"USD\", \"cart_id\": \"{new string('x', 101)}\""), "/cart/cart_id" },
        { new string('[', 5000), null },
        { string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100), null },
        { "{\0}", null },
    };

    [Theory]
    [MemberData(nameof(InvalidBodies))]
    public async Task A_body_that_isnt_a_cart_is_invalid(string body, string? pointer) =>
        (await shop.SendRaw(HttpMethod.Post, "/api/checkout", body)).Refuses(400, "invalid_request", pointer);

    [Fact]
    public async Task Bytes_that_are_no_text_are_invalid()
    {
        var body = Encoding.Latin1.GetBytes(Items(Item("1")).Replace("TEA-100", "TEA-1é0"));

        (await shop.SendRaw(HttpMethod.Post, "/api/checkout", new ByteArrayContent(body))).Refuses(400, "invalid_request");
    }

    [Fact]
    public async Task An_unknown_product_is_refused_where_the_request_names_it()
    {
        var refused = await shop.SendRaw(HttpMethod.Post, "/api/checkout", Items(Item("1"), Item("2"), Item("1", "NOPE-1"), Item("1", "NOPE-2")));

        refused.Refuses(422, "unknown_sku", "/cart/items/2/sku");
        refused.Refuses(422, "unknown_sku", "/cart/items/3/sku");
        Assert.Equal(2, refused["errors"].GetArrayLength());
    }

    [Fact]
    public async Task A_cart_in_another_currency_than_the_catalogs_is_refused() =>
        (await shop.Start(Shopper.Cart("TEA-100", 1, "EUR"))).Refuses(422, "currency_mismatch", "/cart/items/0");

    [Fact]
    public async Task A_price_that_the_buyer_wasnt_shown_is_refused_with_both()
    {
        var refused = (await shop.Start(Shopper.Cart("TEA-100", 1, price: 999))).Refuses(409, "price_changed", "/cart/items/0/unit_price");

        Assert.Equal("""[{"sku":"TEA-100","shown":999,"current":1250}]""", refused["prices"].GetRawText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_64_KB_is_too_large(bool chunked)
    {
        using var body = new StringContent("{ \"x\": \"" + new string('x', 64 * 1024) + "\" }");
        using HttpContent sent = chunked ? new StreamContent(new Unsized(await body.ReadAsByteArrayAsync())) : body;
        Assert.Equal(chunked, sent.Headers.ContentLength is null);

        (await shop.SendRaw(HttpMethod.Post, "/api/checkout", sent)).Refuses(413, "body_too_large");
    }

    [Fact]
    public async Task A_body_of_64_KB_is_read()
    {
        var start = Items(Item("1"));
        var filled = start.Replace("\"USD\"", "\"USD\", \"unknown\": \"\"");
        var body = filled.Replace("\"unknown\": \"\"", $"\"unknown\": \"{new string('x', (64 * 1024) - filled.Length)}\"");
        Assert.Equal(64 * 1024, body.Length);

        (await shop.SendRaw(HttpMethod.Post, "/api/checkout", body)).Is(201);
    }

    [Fact]
    public async Task Lines_of_one_product_become_one_and_the_largest_cart_is_taken()
    {
        var many = (await shop.SendRaw(HttpMethod.Post, "/api/checkout", Items([.. Enumerable.Repeat(Item("9"), 100)]))).Is(201);
        Assert.Equal("[900]", $"[{string.Join(',', many["items"].EnumerateArray().Select(item => item.GetProperty("quantity")))}]");

        (await shop.Start(Shopper.Cart("TEA-100", 999))).Is(201);
    }

    [Theory]
    [InlineData("GET", "/api/checkout")]
    [InlineData("PUT", "/api/checkout")]
    [InlineData("DELETE", "/api/checkout/chk_1")]
    [InlineData("POST", "/api/checkout/chk_1/customer")]
    [InlineData("GET", "/api/checkout/chk_1/complete")]
    [InlineData("PUT", "/api/checkout/chk_1/complete")]
    [InlineData("GET", "/api/checkout/chk_1/cancel")]
    [InlineData("POST", "/api/orders/ord_1")]
    [InlineData("GET", "/api/orders")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("POST", "/checkout")]
    public async Task A_route_or_method_that_isnt_there_is_404(string method, string path) => (await shop.Send(new HttpMethod(method), path)).Is(404);

    private static string Item(string quantity, string sku = "TEA-100") => $$"""{ "sku": "{{sku}}", "quantity": {{quantity}} }""";

    private static string Items(params string[] items) => Cart($"\"items\": [{string.Join(',', items)}]");

    private static string Cart(string members) => $$"""{ "cart": { "currency": "USD", {{members}} } }""";

    private static string WithEmail(string email) => $$"""{ "customer": { "email": {{email}} }, {{Items(Item("1"))[1..]}}""";

    /// <summary>A stream whose length nobody knows beforehand, so that it is sent in chunks.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
