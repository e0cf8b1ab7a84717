namespace CheckoutFunctions.Tests.Api;

/// <summary>What the calls on a checkout refuse. A refused call changes nothing.</summary>
public class CommandErrorTests(Shop shop) : IClassFixture<Shop>
{
    public static TheoryData<string, string, string, string?> InvalidBodies => new()
    {
        { "PUT", "customer", "{", null },
        { "PUT", "customer", "[]", null },
        { "PUT", "customer", "{}", "/email" },
        { "PUT", "customer", """{ "email": 1 }""", "/email" },
        { "PUT", "customer", """{ "email": "ada at example.com" }""", "/email" },
        { "PUT", "customer", """{ "email": "ada@example.com", "account_id": {} }""", "/account_id" },
        { "PUT", "discounts", "{}", "/codes" },
        { "PUT", "discounts", """{ "codes": "WELCOME10" }""", "/codes" },
        { "PUT", "discounts", """{ "codes": [1] }""", "/codes/0" },
        { "PUT", "discounts", """{ "codes": ["WELCOME10", ""] }""", "/codes/1" },
        { "PUT", "discounts", """{ "codes": ["A\u0000B"] }""", "/codes/0" },
        { "PUT", "discounts", """{ "codes": ["1","2","3","4","5","6","7","8","9","10","11"] }""", "/codes" },
        { "PUT", "shipping-address", "{}", "/line1" },
        { "PUT", "shipping-address", "{}", "/country" },
        { "PUT", "shipping-address", """{ "line1": "1 Main St", "country": "USA" }""", "/country" },
        { "PUT", "shipping-address", """{ "line1": "1 Main St", "country": "1!" }""", "/country" },
        { "PUT", "shipping-address", """{ "line1": "1 Main\tSt", "country": "US" }""", "/line1" },
        { "PUT", "shipping-address", """{ "line1": ["1 Main St"], "country": "US" }""", "/line1" },
        { "PUT", "shipping-address", """{ "line1": "\udc00", "country": "US" }""", null },
        { "PUT", "shipping-address", $$"""{ "line1": "{{new string('x', 20000)}}", "country": "US" }""", "/line1" },
        { "PUT", "shipping-method", "{}", "/shipping_method" },
        { "PUT", "shipping-method", """{ "shipping_method": 7 }""", "/shipping_method" },
        { "POST", "complete", "", "/payment_token" },
        { "POST", "complete", "{}", "/payment_token" },
        { "POST", "complete", """{ "payment_token": "" }""", "/payment_token" },
        { "POST", "complete", """{ "payment_token": null }""", "/payment_token" },
        { "POST", "complete", """{ "payment_token": "pm_card_visa\u0000" }""", "/payment_token" },
        { "POST", "complete", """{ "payment_token": "pm_card_visa", "grand_total": "4100" }""", "/grand_total" },
        { "POST", "complete", """{ "payment_token": "pm_card_visa", "grand_total": 41.5 }""", "/grand_total" },
        { "POST", "complete", """{ "payment_token": "pm_card_visa", "grand_total": -1 }""", "/grand_total" },
        { "POST", "complete", """{ "payment_confirmation": "yes" }""", "/payment_confirmation" },
        { "POST", "complete", """{ "payment_confirmation": false }""", "/payment_token" },
        { "POST", "cancel", "{", null },
    };

    [Theory]
    [MemberData(nameof(InvalidBodies))]
    public async Task A_body_that_isnt_what_the_call_takes_is_invalid(string method, string call, string body, string? pointer)
    {
        var ada = await shop.ReadyShopper();

        (await ada.IsUnchangedBy(() => shop.SendRaw(new HttpMethod(method), $"/api/checkout/{ada.Id}/{call}", body, ada.Secret)))
            .Refuses(400, "invalid_request", pointer);
    }

    [Fact]
    public async Task An_unknown_checkout_a_wrong_secret_and_none_are_answered_alike()
    {
        var (ada, bob) = (await shop.ReadyShopper(), await shop.Shopper());
        (HttpMethod Method, string Call, object? Body)[] calls =
        [
            (HttpMethod.Get, "", null),
            (HttpMethod.Put, "/customer", new { email = "eve@example.com" }),
            (HttpMethod.Put, "/discounts", new { codes = new[] { "WELCOME10" } }),
            (HttpMethod.Put, "/shipping-address", Shopper.NewYork),
            (HttpMethod.Put, "/shipping-method", new { shipping_method = Shopper.Ground }),
            (HttpMethod.Post, "/complete", new { payment_token = "pm_card_visa" }),
            (HttpMethod.Post, "/cancel", null),
        ];

        foreach (var (method, call, body) in calls)
        {
            Reply[] answers =
            [
                await shop.Send(method, $"/api/checkout/chk_unknown{call}", body, ada.Secret),
                await shop.Send(method, $"/api/checkout/%0A%20{call}", body, ada.Secret),
                await shop.Send(method, $"/api/checkout/{new string('x', 2000)}{call}", body, ada.Secret),
                await ada.IsUnchangedBy(() => shop.Send(method, $"/api/checkout/{ada.Id}{call}", body, bob.Secret)),
                await ada.IsUnchangedBy(() => shop.Send(method, $"/api/checkout/{ada.Id}{call}", body, ada.Secret[..^1])),
                await ada.IsUnchangedBy(() => shop.Send(method, $"/api/checkout/{ada.Id}{call}", body)),
            ];

            Assert.All(answers, answer => answer.Refuses(404, "checkout_not_found"));
            Assert.Single(answers.Select(answer => answer.Body).Distinct());
        }
    }

    [Fact]
    public async Task A_step_before_its_time_says_what_is_missing()
    {
        var ada = await shop.Shopper();

        Names("shipping address", await ada.IsUnchangedBy(() => ada.Choose(Shopper.Ground)));
        Names("shipping address", await ada.IsUnchangedBy(() => ada.Pay()));
        Names("payment", await ada.IsUnchangedBy(ada.Confirm));
        (await ada.ShipTo(Shopper.BeverlyHills)).Is(200);
        Names("shipping method", await ada.IsUnchangedBy(() => ada.Pay()));

        static void Names(string missing, Reply reply) => Assert.Contains(missing, reply.Refuses(409, "step_not_ready").Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Pigeon_Express")]
    [InlineData("fedex_ground")]
    [InlineData("метод 🐎")]
    public async Task A_method_that_wasnt_offered_is_unknown(string method)
    {
        var ada = await shop.ReadyShopper();

        (await ada.IsUnchangedBy(() => ada.Choose(method))).Refuses(422, "unknown_shipping_method");
    }

    [Fact]
    public async Task Where_nothing_can_be_delivered_the_address_is_refused_with_a_suggestion()
    {
        var ada = await shop.ReadyShopper();

        var refused = await ada.IsUnchangedBy(() => ada.ShipTo(new { line1 = "1 Nowhere Stret", city = "Beverly Hills", state = "CA", zip = "90210", country = "US" }));

        refused.Refuses(422, "address_undeliverable");
        Assert.Equal("US", refused["suggestion"].GetProperty("country").GetString());
    }

    [Fact]
    public async Task An_address_that_was_read_differently_is_taken_with_the_suggestion_beside_it()
    {
        var ada = await shop.Shopper();

        var addressed = (await ada.ShipTo(new { line1 = "1 Main Stret", city = "Beverly Hills", state = "CA", zip = "90210", country = "US" })).Is(200);

        Assert.Equal("confirm", addressed["address_check"].GetProperty("verdict").GetString());
        Assert.Equal("1 Main Street", addressed["address_check"].GetProperty("suggestion").GetProperty("line1").GetString());
        Assert.Equal("1 Main Stret", addressed["shipping_address"].GetProperty("line1").GetString());
        Assert.Equal("warning", addressed["messages"][0].GetProperty("severity").GetString());
    }

    [Fact]
    public async Task Where_no_carrier_goes_there_are_no_rates()
    {
        var ada = await shop.ReadyShopper();

        (await ada.IsUnchangedBy(() => ada.ShipTo(new { line1 = "1 Penguin Way", city = "McMurdo", country = "AQ" }))).Refuses(422, "no_shipping_rates");
    }

    [Theory]
    [InlineData("pm_card_nobody")]
    [InlineData("tok_visa'; DROP TABLE orders; --")]
    [InlineData("карта")]
    public async Task A_token_that_the_provider_doesnt_know_is_refused_and_a_card_still_pays(string token)
    {
        var ada = await shop.ReadyShopper();

        (await ada.Pay(token)).Refuses(422, "invalid_payment_token");

        Assert.Equal("METHOD_SELECTED", (await ada.Get()).Status());
        await shop.Providers.HoldNothing(ada);
        (await ada.Pay()).Is(200);
    }

    [Fact]
    public async Task A_total_that_the_buyer_didnt_agree_to_is_not_charged()
    {
        var ada = await shop.ReadyShopper();
        var total = (await ada.Get()).Number("grand_total");

        var refused = await ada.IsUnchangedBy(() => ada.Post("complete", new { payment_token = "pm_card_visa", grand_total = total - 1 }));

        refused.Refuses(409, "totals_changed");
        Assert.Equal(total, refused["session"].GetProperty("grand_total").GetInt64());
        Assert.Empty(await shop.Providers.Payments(ada));
        (await ada.Post("complete", new { payment_token = "pm_card_visa", grand_total = total })).Is(200);
    }

    [Fact]
    public async Task A_cancelled_checkout_is_closed_and_cancelling_again_is_fine()
    {
        var ada = await shop.ReadyShopper();
        Assert.Equal("CANCELLED", (await ada.Cancel()).Is(200).Status());

        Func<Task<Reply>>[] calls =
        [
            () => ada.Pay(), ada.Confirm, () => ada.ShipTo(Shopper.NewYork), () => ada.Choose(Shopper.Ground), () => ada.Discount("WELCOME10"),
            () => ada.Put("customer", new { email = "ada@example.com" }),
        ];
        foreach (var call in calls)
            (await ada.IsUnchangedBy(call)).Refuses(409, "checkout_closed");

        Assert.Equal("CANCELLED", (await ada.IsUnchangedBy(ada.Cancel)).Is(200).Status());
        await shop.Providers.HoldNothing(ada);
    }

    [Fact]
    public async Task A_checkout_that_nobody_pays_for_expires_and_is_closed()
    {
        await using var hasty = await Shop.Open(("Checkout:Expiry", "00:00:01"));
        var ada = await hasty.Shopper();

        await ada.Await(session => session.Status() == "EXPIRED");

        (await ada.IsUnchangedBy(() => ada.Pay())).Refuses(409, "checkout_closed");
        (await ada.IsUnchangedBy(ada.Cancel)).Refuses(409, "checkout_closed");
    }

    [Fact]
    public async Task A_completed_checkout_stays_as_it_is()
    {
        var ada = await shop.ReadyShopper();
        var order = (await ada.Pay()).Is(200).Text("order_id");

        Func<Task<Reply>>[] calls =
        [
            ada.Cancel, () => ada.ShipTo(Shopper.NewYork), () => ada.Choose(Shopper.Ground), () => ada.Discount("WELCOME10"),
            () => ada.Put("customer", new { email = "ada@example.com" }),
        ];
        foreach (var call in calls)
            (await ada.IsUnchangedBy(call)).Refuses(409, "checkout_completed");

        Assert.Equal(order, (await ada.IsUnchangedBy(() => ada.Pay("pm_card_mastercard"))).Is(200).Text("order_id"));
        Assert.Equal(order, (await ada.IsUnchangedBy(ada.Confirm)).Is(200).Text("order_id"));
        await shop.Providers.WerePaidOnce(ada, (await ada.Get()).Number("grand_total"));
    }

    [Fact]
    public async Task A_key_of_more_than_255_characters_is_invalid()
    {
        var ada = await shop.ReadyShopper();

        (await ada.IsUnchangedBy(() => ada.Pay(key: new string('k', 256)))).Refuses(400, "invalid_request");
        (await ada.Pay(key: new string('k', 255))).Is(200);
    }
}
