namespace CheckoutFunctions.Tests.Sandbox;

public sealed class TaxJarTests : IAsyncLifetime
{
    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start();

    public async Task DisposeAsync() => await providers.DisposeAsync();

    public static object Order(string id) => new
    {
        transaction_id = id,
        transaction_date = "2026-01-02T03:04:05Z",
        to_country = "US",
        to_state = "CA",
        to_zip = "90210",
        to_city = "Beverly Hills",
        amount = 35.0,
        shipping = 10.0,
        sales_tax = 2.38,
        line_items = new[] { new { id = "1", quantity = 2, unit_price = 12.5, discount = 0.0, product_identifier = "TEA-100", sales_tax = 2.38 } },
    };

    [Theory]
    [InlineData("CA", "90210", 2.38, 0.095, false)]
    [InlineData("CA", "94107", 1.81, 0.0725, false)]
    [InlineData("NY", "10118", 3.11, 0.08875, true)]
    [InlineData("TX", "78701", 2.89, 0.0825, true)]
    [InlineData("OR", "97204", 0, 0, false)]
    public async Task The_rate_is_the_states_and_some_tax_freight(string state, string zip, double tax, double rate, bool freight)
    {
        var quote = await Quote(new { to_country = "US", to_state = state, to_zip = zip, shipping = 10, line_items = new[] { new { id = 7, quantity = 2, unit_price = "12.50" } } });
        Assert.Equal(200, quote.Status);
        Assert.Equal((decimal)tax, quote.At("tax.amount_to_collect").GetDecimal());
        Assert.Equal((decimal)rate, quote.At("tax.rate").GetDecimal());
        Assert.Equal(freight, quote.At("tax.freight_taxable").GetBoolean());
        Assert.True(quote.At("tax.has_nexus").GetBoolean());
        Assert.Equal(35m, quote.At("tax.order_total_amount").GetDecimal());
        Assert.Equal(freight ? 35m : 25m, quote.At("tax.taxable_amount").GetDecimal());
        var line = quote.At("tax.breakdown.line_items")[0];
        Assert.Equal("7", line.GetProperty("id").GetString());
        Assert.Equal(25m, line.GetProperty("taxable_amount").GetDecimal());
        Assert.Equal(freight, quote.Has("tax.breakdown.shipping"));
    }

    [Fact]
    public async Task Discounts_lower_the_taxed_amount_and_exempt_lines_are_not_taxed()
    {
        var quote = await Quote(new
        {
            to_country = "US",
            to_state = "CA",
            to_zip = "90210",
            shipping = 0,
            line_items = new object[] { new { quantity = 1, unit_price = 30, discount = 10 }, new { quantity = 1, unit_price = 5, product_tax_code = "99999" } },
        });
        Assert.Equal(1.90m, quote.At("tax.amount_to_collect").GetDecimal());
    }

    [Fact]
    public async Task Abroad_there_is_no_nexus_and_no_tax()
    {
        var quote = await Quote(new { to_country = "DE", to_zip = "10115", shipping = 10, amount = 25 });
        Assert.False(quote.At("tax.has_nexus").GetBoolean());
        Assert.Equal(0m, quote.At("tax.amount_to_collect").GetDecimal());
        Assert.False(quote.Has("tax.breakdown"));
    }

    [Fact]
    public async Task A_zip_of_another_state_is_refused_as_recorded()
    {
        var refused = await Quote(new { to_country = "US", to_state = "NY", to_zip = "99999", shipping = 0, amount = 1 });
        Assert.Equal(400, refused.Status);
        Assert.Equal("""{"status":400,"error":"Bad Request","detail":"to_zip 99999 is not used within to_state NY"}""", refused.Body);
    }

    [Theory]
    [InlineData("""{ "shipping": 1, "amount": 1 }""", 406)]
    [InlineData("""{ "to_country": "US", "to_state": "CA", "shipping": 1, "amount": 1 }""", 400)]
    [InlineData("""{ "to_country": "US", "to_state": "CA", "to_zip": "90210", "amount": 1 }""", 406)]
    [InlineData("""{ "to_country": "US", "to_state": "CA", "to_zip": "90210", "shipping": 1 }""", 400)]
    [InlineData("""{ "to_country": "US", "to_state": "XX", "to_zip": "90210", "shipping": 1, "amount": 1 }""", 400)]
    [InlineData("not json", 400)]
    public async Task A_quote_that_lacks_something_is_refused(string body, int status)
    {
        var refused = await Quote(body);
        Assert.Equal((status, status), (refused.Status, (int)refused.Number("status")));
    }

    [Fact]
    public async Task An_order_is_recorded_once_with_its_money_as_text()
    {
        var created = await providers.TaxJar(HttpMethod.Post, "transactions/orders", Order("ord_1"));
        Assert.Equal(201, created.Status);
        Assert.Equal(("35.0", "2.38", "12.5"), (created.Text("order.amount"), created.Text("order.sales_tax"), created.At("order.line_items")[0].GetProperty("unit_price").GetString()));
        Assert.Equal("BEVERLY HILLS", created.Text("order.to_city"));
        Assert.Equal(422, (await providers.TaxJar(HttpMethod.Post, "transactions/orders", Order("ord_1"))).Status);
        Assert.Equal("ord_1", (await providers.TaxJar(HttpMethod.Get, "transactions/orders/ord_1")).Text("order.transaction_id"));

        var document = Assert.Single((await providers.Ledger()).GetProperty("tax_documents").EnumerateArray());
        Assert.Equal("""{"provider":"taxjar","id":"ord_1","amount":3500,"tax":238,"state":"committed"}""", document.GetRawText());
    }

    [Fact]
    public async Task A_deleted_order_is_voided()
    {
        await providers.TaxJar(HttpMethod.Post, "transactions/orders", Order("ord_1"));
        Assert.Equal(200, (await providers.TaxJar(HttpMethod.Delete, "transactions/orders/ord_1")).Status);
        Assert.Equal(404, (await providers.TaxJar(HttpMethod.Get, "transactions/orders/ord_1")).Status);
        Assert.Equal(404, (await providers.TaxJar(HttpMethod.Delete, "transactions/orders/ord_1")).Status);
        Assert.Equal("voided", (await providers.Ledger()).GetProperty("tax_documents")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_refund_is_negative()
    {
        var refund = new
        {
            transaction_id = "ord_1-refund",
            transaction_reference_id = "ord_1",
            transaction_date = "2026-01-02",
            to_country = "US",
            to_state = "CA",
            to_zip = "90210",
            amount = -35.0,
            shipping = -10.0,
            sales_tax = -2.38,
        };
        var created = await providers.TaxJar(HttpMethod.Post, "transactions/refunds", refund);
        Assert.Equal((201, "-35.0", "ord_1"), (created.Status, created.Text("refund.amount"), created.Text("refund.transaction_reference_id")));
        Assert.Equal(-238, (await providers.Ledger()).GetProperty("tax_documents")[0].GetProperty("tax").GetInt64());
    }

    [Fact]
    public async Task An_order_whose_amount_is_not_the_sum_is_refused()
    {
        var order = System.Text.Json.JsonSerializer.SerializeToNode(Order("ord_1"))!;
        order["amount"] = 34;
        Assert.Equal(400, (await providers.TaxJar(HttpMethod.Post, "transactions/orders", order.ToJsonString())).Status);
        Assert.Empty((await providers.Ledger()).GetProperty("tax_documents").EnumerateArray());
    }

    [Theory]
    [InlineData("shipping", "\"free\"", "shipping must be a number")]
    [InlineData("line_items", "{}", "line_items must be an array of objects")]
    [InlineData("line_items", "[{ \"unit_price\": 1, \"discount\": \"some\" }]", "discount must be a number")]
    [InlineData("to_country", "\"USA\"", "to_country USA is invalid")]
    [InlineData("exemption_type", "\"friend\"", "exemption_type must be one of wholesale, government, marketplace, other, non_exempt")]
    public async Task A_field_of_another_type_is_refused(string field, string json, string detail)
    {
        var body = new System.Text.Json.Nodes.JsonObject { ["to_country"] = "US", ["to_state"] = "CA", ["to_zip"] = "90210", ["shipping"] = 10, ["amount"] = 25 };
        body[field] = System.Text.Json.Nodes.JsonNode.Parse(json);
        var refused = await providers.TaxJar(HttpMethod.Post, "taxes", body.ToJsonString());
        Assert.Equal((400, detail), (refused.Status, refused.Text("detail")));
    }

    [Fact]
    public async Task Without_a_token_nothing_is_answered()
    {
        var refused = await providers.Json(HttpMethod.Post, "/taxjar/v2/taxes", null, new { });
        Assert.Equal((401, "Not authorized for route 'POST /v2/taxes'"), (refused.Status, refused.Text("detail")));
    }

    private Task<Reply> Quote(object body) => providers.TaxJar(HttpMethod.Post, "taxes", body);
}
