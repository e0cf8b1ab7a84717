using System.Text.Json;

namespace CheckoutFunctions.Tests.Api;

public class WalkTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly string[] SessionFields =
    [
        "checkout_id", "cart_id", "status", "version", "currency", "items", "customer", "discounts", "shipping_address", "address_check", "shipping_rates",
        "shipping_method", "shipping_cost", "tax_cost", "tax", "subtotal", "discount_total", "grand_total", "payment", "order_id", "messages", "expires_at",
    ];

    [Fact]
    public async Task A_cart_becomes_a_paid_order_step_by_step()
    {
        var started = (await shop.Start(new
        {
            cart = new { cart_id = "cart_9", currency = "USD", items = new[] { new { sku = "TEA-100", quantity = 2, unit_price = 1250 } } },
            customer = new { email = "ada@example.com" },
        })).Is(201);
        var id = started.Text("checkout_id")!;
        var secret = started.Text("client_secret")!;
        Assert.StartsWith("chk_", id, StringComparison.Ordinal);
        Assert.Equal($"/api/checkout/{id}", started.Headers["Location"]);
        Assert.Equal([.. SessionFields, "client_secret"], started.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("CART", "cart_9", 2500L), (started.Status(), started.Text("cart_id"), started.Number("subtotal")));
        Assert.All(["shipping_address", "shipping_rates", "shipping_method", "shipping_cost", "tax_cost", "tax", "grand_total", "order_id"], name => Assert.True(started.IsNull(name), name));

        var addressed = (await shop.Send(HttpMethod.Put, $"/api/checkout/{id}/shipping-address", Shopper.BeverlyHills, secret)).Is(200);
        Assert.Equal("ADDRESS_COLLECTED", addressed.Status());
        Assert.Equal("accepted", addressed["address_check"].GetProperty("verdict").GetString());
        Assert.True(addressed.IsNull("grand_total"));
        Assert.All(addressed["shipping_rates"].EnumerateArray(), IsRate);

        var chosen = (await shop.Send(HttpMethod.Put, $"/api/checkout/{id}/shipping-method", new { shipping_method = Shopper.Ground }, secret)).Is(200);
        Assert.Equal("METHOD_SELECTED", chosen.Status());
        Assert.Equal(1000, chosen.Number("shipping_cost"));
        chosen.AddsUp();

        var paid = (await shop.Send(
            HttpMethod.Post, $"/api/checkout/{id}/complete", new { payment_token = "pm_card_visa", grand_total = chosen.Number("grand_total") }, secret)).Is(200);
        IsWholeSession(paid);
        Assert.Equal(("COMPLETED", "captured", chosen.Number("grand_total")), (paid.Status(), paid.PaymentState(), paid.Number("grand_total")));

        var order = (await shop.Send(HttpMethod.Get, $"/api/orders/{paid.Text("order_id")}", secret: secret)).Is(200);
        Assert.Equal((id, paid.Number("grand_total"), "placed"), (order.Text("checkout_id"), order.Number("grand_total"), order.Text("status")));
    }

    [Fact]
    public async Task The_ledger_holds_exactly_the_grand_total_under_the_checkouts_id()
    {
        var ada = await shop.ReadyShopper("MUG-001", 3);

        var paid = (await ada.Pay()).Is(200);

        var payment = Assert.Single(await shop.Providers.Payments(ada));
        Assert.Equal(("captured", paid.Number("grand_total"), paid.Number("grand_total"), 0L, "USD"), (payment.State, payment.Amount, payment.Captured, payment.Refunded, payment.Currency));
    }

    [Fact]
    public async Task The_orders_tax_is_recorded_after_the_sale()
    {
        var ada = await shop.ReadyShopper();
        var paid = (await ada.Pay()).Is(200);

        var document = default(JsonElement);
        for (var look = 0; look < 300 && document.ValueKind == JsonValueKind.Undefined; look++)
        {
            document = (await shop.Providers.Ledger()).GetProperty("tax_documents").EnumerateArray()
                .FirstOrDefault(found => found.GetProperty("id").GetString()!.Contains(paid.Text("order_id")!, StringComparison.Ordinal));
            await Task.Delay(20);
        }

        Assert.Equal(paid.Number("tax_cost"), document.GetProperty("tax").GetInt64());
        Assert.Equal(paid.Number("grand_total") - paid.Number("tax_cost"), document.GetProperty("amount").GetInt64());
        Assert.Equal("committed", document.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_session_that_hasnt_changed_is_304_by_its_etag()
    {
        var ada = await shop.Shopper();
        var first = (await ada.Get()).Is(200);
        var etag = first.Headers["ETag"];

        Assert.Equal(304, await StatusIfNoneMatch(ada, etag));
        Assert.Equal(304, await StatusIfNoneMatch(ada, $"W/{etag}"));
        Assert.Equal(304, await StatusIfNoneMatch(ada, $"\"other\", {etag}"));
        Assert.Equal(304, await StatusIfNoneMatch(ada, "*"));
        Assert.Equal(200, await StatusIfNoneMatch(ada, "\"other\""));

        (await ada.Put("customer", new { email = "ada@example.com" })).Is(200);
        Assert.Equal(200, await StatusIfNoneMatch(ada, etag));
        Assert.NotEqual(etag, (await ada.Get()).Headers["ETag"]);
    }

    [Fact]
    public async Task An_order_shows_itself_to_its_own_secret_only()
    {
        var (ada, bob) = (await shop.ReadyShopper(), await shop.Shopper());
        var order = (await ada.Pay()).Is(200).Text("order_id")!;

        (await ada.Order(order, ada.Secret)).Is(200);
        var answers = new[] { await ada.Order(order, bob.Secret), await ada.Order(order, null), await ada.Order("ord_unknown", ada.Secret) };

        Assert.All(answers, answer => answer.Refuses(404, "checkout_not_found"));
        Assert.Single(answers.Select(answer => answer.Body).Distinct());
    }

    [Fact]
    public async Task A_percentage_comes_off_the_goods()
    {
        var ada = await shop.ReadyShopper("TEA-100", 2);

        var discounted = (await ada.Discount("WELCOME10")).Is(200);

        Assert.Equal("METHOD_SELECTED", discounted.Status());
        Assert.Equal((2500L, 250L), (discounted.Number("subtotal"), discounted.Number("discount_total")));
        Assert.Equal("""[{"code":"WELCOME10","amount":250}]""", discounted["discounts"].GetRawText());
        discounted.AddsUp();
        var paid = (await ada.Pay()).Is(200);
        Assert.Equal(discounted.Number("grand_total"), paid.Number("grand_total"));
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    [Fact]
    public async Task Free_shipping_takes_the_shipping_off_and_an_empty_list_gives_it_back()
    {
        var ada = await shop.ReadyShopper();
        var before = await ada.Get();

        var free = (await ada.Discount("FREESHIP")).Is(200);
        Assert.Equal(1000, free.Number("discount_total"));
        free.AddsUp();

        var back = (await ada.Discount()).Is(200);
        Assert.Equal(before.Number("grand_total"), back.Number("grand_total"));
    }

    [Fact]
    public async Task A_refused_code_is_named_with_its_reason_and_none_applies()
    {
        var ada = await shop.Shopper();

        var refused = await ada.IsUnchangedBy(() => ada.Discount("WELCOME10", "EXPIRED5", "NOPE"));

        refused.Refuses(422, "discount_not_applicable", "/codes/1");
        refused.Refuses(422, "discount_not_applicable", "/codes/2");
        var reasons = refused["errors"].EnumerateArray().Select(error => error.GetProperty("detail").GetString()).ToList();
        Assert.Collection(reasons,
            reason => Assert.Contains("EXPIRED5: The code has expired", reason, StringComparison.Ordinal),
            reason => Assert.Contains("NOPE: There is no such code", reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_address_clears_the_method_and_the_tax()
    {
        var ada = await shop.ReadyShopper();

        var moved = (await ada.ShipTo(Shopper.NewYork)).Is(200);

        Assert.Equal("ADDRESS_COLLECTED", moved.Status());
        Assert.All(["shipping_method", "shipping_cost", "tax_cost", "tax", "grand_total"], name => Assert.True(moved.IsNull(name), name));
        (await ada.Pay()).Refuses(409, "step_not_ready");
        (await ada.Choose(Shopper.Ground)).Is(200).AddsUp();
        (await ada.Pay()).Is(200);
    }

    [Fact]
    public async Task Names_from_all_over_the_world_come_back_as_they_were_typed()
    {
        var ada = await shop.Shopper();
        var name = "Žofie Łukasiewicz-Ñandú 李小龍 🫖";

        var addressed = (await ada.ShipTo(new { name, line1 = "1 Main St", city = "Beverly Hills", state = "CA", zip = "90210", country = "us" })).Is(200);

        Assert.Equal(name, addressed["shipping_address"].GetProperty("name").GetString());
        Assert.Equal("US", addressed["shipping_address"].GetProperty("country").GetString());
        (await ada.Choose(Shopper.Ground)).Is(200);
        var order = (await ada.Pay()).Is(200).Text("order_id")!;
        Assert.Equal(name, (await ada.Order(order, ada.Secret)).Is(200)["shipping_address"].GetProperty("name").GetString());
    }

    private async Task<int> StatusIfNoneMatch(Shopper shopper, string etags) => (await shop.GetIfNoneMatch(shopper, etags)).Status;

    private static void IsWholeSession(Reply session)
    {
        Assert.Equal(SessionFields, session.Json.EnumerateObject().Select(field => field.Name));
        Assert.All(["checkout_id", "cart_id", "status", "currency", "shipping_method", "order_id"], name => Assert.Equal(JsonValueKind.String, session[name].ValueKind));
        Assert.All(["version", "shipping_cost", "tax_cost", "subtotal", "discount_total", "grand_total"], name => Assert.True(session[name].TryGetInt64(out _), name));
        Assert.All(["items", "discounts", "shipping_rates", "messages"], name => Assert.Equal(JsonValueKind.Array, session[name].ValueKind));
        Assert.Equal("""{"sku":"TEA-100","name":"Assam tea, 100 g","quantity":2,"unit_price":1250,"line_total":2500}""", session["items"][0].GetRawText());
        Assert.Equal("ada@example.com", session["customer"].GetProperty("email").GetString());
        Assert.Equal(["name", "line1", "line2", "city", "state", "zip", "country"], Names(session["shipping_address"]));
        Assert.Equal(["verdict", "suggestion"], Names(session["address_check"]));
        Assert.Equal(["source", "estimated", "as_of"], Names(session["tax"]));
        Assert.Equal("taxjar", session["tax"].GetProperty("source").GetString());
        Assert.False(session["tax"].GetProperty("estimated").GetBoolean());
        Assert.Equal(["state", "decline_code", "action"], Names(session["payment"]));
        Assert.Equal(TimeSpan.Zero, session["expires_at"].GetDateTimeOffset().Offset);
        Assert.Equal(TimeSpan.Zero, session["tax"].GetProperty("as_of").GetDateTimeOffset().Offset);
        session.AddsUp();
    }

    private static void IsRate(JsonElement rate)
    {
        Assert.Equal(["id", "carrier", "service", "cost", "delivery_days", "provider", "estimated", "as_of"], Names(rate));
        Assert.True(rate.GetProperty("cost").GetInt64() > 0);
        Assert.Equal("easypost", rate.GetProperty("provider").GetString());
        Assert.False(rate.GetProperty("estimated").GetBoolean());
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(field => field.Name);
}
