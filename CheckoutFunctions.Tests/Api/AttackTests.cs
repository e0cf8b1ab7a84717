using System.Text;

namespace CheckoutFunctions.Tests.Api;

/// <summary>What somebody who means harm, or two hands that are too quick, might try on the storefront's calls.</summary>
public class AttackTests(Shop shop) : IClassFixture<Shop>
{
    private const string ThreeDSecure = "pm_card_authenticationRequired";

    [Fact]
    public async Task Cards_good_and_bad_at_once_on_one_checkout_charge_one_of_them()
    {
        var ada = await shop.ReadyShopper();
        string[] cards = ["pm_card_visa", "pm_card_chargeDeclined", "pm_card_mastercard", "pm_card_nobody", "pm_card_amex"];

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ada.Pay(cards[i % cards.Length], key: $"card-{i}")));

        Assert.Equal("COMPLETED", (await ada.Get()).Status());
        Assert.Single(replies.Where(reply => reply.Status == 200).Select(reply => reply.Text("order_id")).Distinct());
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.True(reply.Status is 402 or 422, reply.ToString()));
        await shop.Providers.WerePaidOnce(ada, (await ada.Get()).Number("grand_total"));
    }

    [Fact]
    public async Task Paying_and_cancelling_at_once_ends_paid_or_cancelled_and_every_answer_agrees()
    {
        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var ada = await shop.ReadyShopper();
            Func<Task<Reply>>[] calls = [() => ada.Pay(), ada.Cancel, () => ada.Pay("pm_card_mastercard"), ada.Cancel];
            var replies = await Task.WhenAll(calls.Skip(i % 2).Concat(calls).Take(4).Select(call => call()));
            var end = (await ada.Get()).Status();
            if (end == "COMPLETED")
                await shop.Providers.WerePaidOnce(ada, (await ada.Get()).Number("grand_total"));
            else
                await shop.Providers.HoldNothing(ada);
            Assert.All(replies, reply => Assert.True(reply.Status == 200 ? reply.Status() == end : reply.Status == 409, $"{end}, but {reply}"));
            return end;
        }));

        Assert.All(ends, end => Assert.Contains(end, new[] { "COMPLETED", "CANCELLED" }));
    }

    [Fact]
    public async Task One_cart_in_two_checkouts_is_two_orders_of_which_each_is_paid_once_or_none()
    {
        var (ada, bob) = (await shop.ReadyShopper(), await shop.ReadyShopper());
        Assert.Equal(ada.Started.Text("cart_id"), bob.Started.Text("cart_id"));

        var replies = await Task.WhenAll(ada.Pay(key: "one-key"), bob.Pay(key: "one-key"));

        Assert.NotEqual(replies[0].Is(200).Text("order_id"), replies[1].Is(200).Text("order_id"));
        await shop.Providers.WerePaidOnce(ada, replies[0].Number("grand_total"));
        await shop.Providers.WerePaidOnce(bob, replies[1].Number("grand_total"));
    }

    [Fact]
    public async Task One_cart_with_the_last_piece_in_two_checkouts_is_sold_once()
    {
        await using var small = await Shop.Open();
        var (ada, bob) = (await small.ReadyShopper("LAST-001"), await small.ReadyShopper("LAST-001"));

        var replies = await Task.WhenAll(ada.Pay(key: "one-key"), bob.Pay(key: "one-key"));

        var won = replies[0].Status == 200 ? 0 : 1;
        replies[won].Is(200);
        replies[1 - won].Refuses(409, "out_of_stock");
        await small.Providers.WerePaidOnce(new[] { ada, bob }[won], replies[won].Number("grand_total"));
        await small.Providers.HoldNothing(new[] { bob, ada }[won]);
    }

    [Fact]
    public async Task A_price_that_changed_between_the_steps_is_shown_before_it_is_charged()
    {
        await using var shop = await Shop.Open();
        var ada = await shop.ReadyShopper("MUG-001", 2);
        var seen = (await ada.Get()).Number("grand_total");
        await shop.Shopkeep("UPDATE products SET unit_price = 2000 WHERE sku = 'MUG-001'");

        var refused = (await ada.Post("complete", new { payment_token = "pm_card_visa", grand_total = seen })).Refuses(409, "totals_changed", "/items/0");

        await shop.Providers.HoldNothing(ada);
        var session = await ada.Get();
        session.AddsUp();
        var changes = refused["changes"].EnumerateArray().ToDictionary(change => change.GetProperty("pointer").GetString()!);
        Assert.Equal((3600L, 4000L), (changes["/subtotal"].GetProperty("before").GetInt64(), changes["/subtotal"].GetProperty("after").GetInt64()));
        Assert.Equal((seen, session.Number("grand_total")), (changes["/grand_total"].GetProperty("before").GetInt64(), changes["/grand_total"].GetProperty("after").GetInt64()));
        Assert.Equal((4000, session.Number("grand_total")), (session.Number("subtotal"), refused["session"].GetProperty("grand_total").GetInt64()));
        (await ada.Post("complete", new { payment_token = "pm_card_visa", grand_total = seen })).Refuses(409, "totals_changed");
        await shop.Providers.HoldNothing(ada);
        (await ada.Post("complete", new { payment_token = "pm_card_visa", grand_total = session.Number("grand_total") })).Is(200);
        await shop.Providers.WerePaidOnce(ada, session.Number("grand_total"));
    }

    [Fact]
    public async Task A_price_that_changes_while_many_pay_is_charged_to_nobody_unseen()
    {
        await using var shop = await Shop.Open();
        var shoppers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => shop.ReadyShopper("BOOK-042")));
        var seen = (await shoppers[0].Get()).Number("grand_total");

        var paying = shoppers.Select(shopper => shopper.Post("complete", new { payment_token = "pm_card_visa", grand_total = seen })).ToList();
        await shop.Shopkeep("UPDATE products SET unit_price = 9999 WHERE sku = 'BOOK-042'");

        foreach (var (shopper, reply) in shoppers.Zip(await Task.WhenAll(paying)))
        {
            if (reply.Status == 200)
                await shop.Providers.WerePaidOnce(shopper, seen);
            else
                await shop.Providers.HoldNothing(shopper);
            Assert.True(reply.Status == 200 || reply.Text("code") == "totals_changed", reply.ToString());
        }
    }

    [Fact]
    public async Task A_cheap_payment_confirms_no_dear_checkout()
    {
        var (cheap, dear) = (await shop.ReadyShopper(), await shop.ReadyShopper("LAMP-007", 9));
        var asked = (await cheap.Pay(ThreeDSecure)).Is(202);
        var secret = asked["payment"].GetProperty("action").GetProperty("client_secret").GetString()!;
        var payment = secret[..secret.IndexOf("_secret", StringComparison.Ordinal)];
        (await dear.Pay(ThreeDSecure)).Is(202);
        await shop.Providers.Authenticate(asked, "approve");

        // The bank approved the cheap one: the dear one still waits, whatever its buyer says.
        object[] claims =
        [
            new { payment_confirmation = true },
            new { payment_confirmation = true, payment_id = payment, payment_intent = payment, client_secret = secret },
            new { payment_confirmation = true, payment_token = payment },
        ];
        foreach (var claim in claims)
            Assert.Equal("ACTION_REQUIRED", (await dear.Post("complete", claim)).Is(202).Status());

        await shop.Providers.HoldNothing(dear);
        await shop.Providers.WerePaidOnce(cheap, (await cheap.Confirm()).Is(200).Number("grand_total"));
        Assert.Equal("ACTION_REQUIRED", (await dear.Get()).Status());
    }

    [Fact]
    public async Task A_payments_id_or_secret_is_no_token()
    {
        var (cheap, dear) = (await shop.ReadyShopper(), await shop.ReadyShopper("LAMP-007", 9));
        (await cheap.Pay()).Is(200);
        var payment = Assert.Single(await shop.Providers.Payments(cheap)).Id;

        foreach (var token in new[] { payment, $"{payment}_secret_x", cheap.Secret })
            (await dear.Pay(token)).Refuses(422, "invalid_payment_token");

        await shop.Providers.HoldNothing(dear);
        Assert.Equal("METHOD_SELECTED", (await dear.Get()).Status());
    }

    [Fact]
    public async Task A_stolen_order_link_opens_nothing_without_its_own_secret()
    {
        var (ada, eve) = (await shop.ReadyShopper(), await shop.ReadyShopper());
        var order = (await ada.Pay()).Is(200).Text("order_id")!;
        (await eve.Pay()).Is(200);
        Reply[] stolen =
        [
            await ada.Order(order, null),
            await ada.Order(order, eve.Secret),
            await ada.Order(order, ada.Secret.ToUpperInvariant()),
            await ada.Order(order, ada.Secret + "0"),
            await ada.Order($"{order}?client_secret={ada.Secret}", null),
            await ada.Order(ada.Id, eve.Secret),
            await ada.Order(order + "%27%20OR%201=1--", ada.Secret),
            await ada.Order("ord_unknown", ada.Secret),
        ];

        Assert.All(stolen, reply => reply.Refuses(404, "checkout_not_found"));
        Assert.Single(stolen.Select(reply => reply.Body).Distinct());
        Assert.Equal(order, (await ada.Order(order, ada.Secret)).Is(200).Text("order_id"));
    }

    [Fact]
    public async Task The_engines_own_door_is_shut_without_the_operators_key()
    {
        var ada = await shop.ReadyShopper();
        string[] doors = [$"instances/{ada.Id}/raiseEvent/Command", $"instances/{ada.Id}/terminate", $"instances/{ada.Id}/restart", "orchestrators/CheckoutOrchestrator"];

        foreach (var door in doors)
        {
            (await ada.IsUnchangedBy(() => shop.Send(HttpMethod.Post, $"/runtime/webhooks/durabletask/{door}", new { Kind = "Complete" }, ada.Secret))).Is(401);
            (await ada.IsUnchangedBy(() => shop.Send(HttpMethod.Post, $"/runtime/webhooks/durabletask/{door}?code={ada.Secret}", new { Kind = "Complete" }))).Is(401);
        }

        (await ada.IsUnchangedBy(() => shop.Send(HttpMethod.Post, $"/api/operations/checkouts/{ada.Id}/retry", null, ada.Secret))).Is(401);
    }

    [Theory]
    [InlineData("PUT", "customer")]
    [InlineData("PUT", "discounts")]
    [InlineData("PUT", "shipping-address")]
    [InlineData("PUT", "shipping-method")]
    [InlineData("POST", "complete")]
    [InlineData("POST", "cancel")]
    public async Task A_huge_or_odd_body_changes_nothing(string method, string step)
    {
        var ada = await shop.ReadyShopper();
        Task<Reply> Send(HttpContent body) => ada.IsUnchangedBy(() => shop.SendRaw(new HttpMethod(method), $"/api/checkout/{ada.Id}/{step}", body, ada.Secret));

        (await Send(new StringContent($$"""{ "x": "{{new string('x', 64 * 1024)}}" }"""))).Refuses(413, "body_too_large");
        (await Send(new ByteArrayContent(new byte[1024]))).Refuses(400, "invalid_request");
        (await Send(new StringContent(new string('[', 60_000)))).Refuses(400, "invalid_request");
        (await Send(new StringContent(string.Concat(Enumerable.Repeat("{\"a\":", 5_000))))).Refuses(400, "invalid_request");
        (await Send(new StringContent("""{ "email": "ada@example.com" }""", Encoding.Unicode))).Refuses(400, "invalid_request");
        (await Send(new ByteArrayContent([.. Encoding.UTF8.GetPreamble(), .. "{}"u8.ToArray()]))).Refuses(400, "invalid_request");
        (await Send(new StringContent("// {}\n{}"))).Refuses(400, "invalid_request");
        (await Send(new StringContent("{} null"))).Refuses(400, "invalid_request");
        await shop.Providers.HoldNothing(ada);
    }
}
