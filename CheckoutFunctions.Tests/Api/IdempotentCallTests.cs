using System.Text.Json;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Tests.Api;

/// <summary>Every POST and PUT under an Idempotency-Key: fifty parallel taps are one effect and fifty equal answers, and another body is a conflict.</summary>
public class IdempotentCallTests(Shop shop) : IClassFixture<Shop>
{
    private const int Taps = 50;

    /// <summary>The call, a body, another body.</summary>
    public static TheoryData<string, object, object> Commands => new()
    {
        { "PUT customer", new { email = "ada@example.com" }, new { email = "eve@example.com" } },
        { "PUT discounts", new { codes = new[] { "WELCOME10" } }, new { codes = Array.Empty<string>() } },
        { "PUT shipping-address", Shopper.BeverlyHills, Shopper.NewYork },
        { "PUT shipping-method", new { shipping_method = Shopper.Ground }, new { shipping_method = "UPS_NextDayAir" } },
        { "POST complete", new { payment_token = "pm_card_visa" }, new { payment_token = "pm_card_mastercard" } },
        { "POST cancel", new { reason = "changed my mind" }, new { reason = "another" } },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Many_taps_with_one_key_are_one_effect_and_equal_answers(string call, object body, object other)
    {
        var ada = await shop.ReadyShopper();
        var before = (await ada.Get()).Number("version");
        Task<Reply> Tap(object sent, string key) => Send(ada, call, sent, key);

        var replies = await Task.WhenAll(Enumerable.Range(0, Taps).Select(_ => Tap(body, "taps")));

        var answer = Assert.Single(replies.Select(reply => reply.Is(200).Body).Distinct());
        Assert.Single(replies, reply => !reply.IsReplay);
        // Paying shows PAYING before it shows the end.
        Assert.Equal(before + (call == "POST complete" ? 2 : 1), (await ada.Get()).Number("version"));
        Assert.Equal(call == "POST complete" ? 1 : 0, (await shop.Providers.Payments(ada)).Count);

        var again = (await ada.IsUnchangedBy(() => Tap(body, "taps"))).Is(200);
        Assert.Equal((answer, true), (again.Body, again.IsReplay));
        (await ada.IsUnchangedBy(() => Tap(other, "taps"))).Refuses(422, "idempotency_conflict");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Of_two_bodies_that_race_under_one_key_one_counts_and_the_other_conflicts(string call, object body, object other)
    {
        var ada = await shop.ReadyShopper();

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => new[] { Send(ada, call, body, "race"), Send(ada, call, other, "race") }));

        var sides = new[] { replies.Where((_, i) => i % 2 == 0).ToList(), replies.Where((_, i) => i % 2 == 1).ToList() };
        var winners = Assert.Single(sides, side => side.Exists(reply => reply.Status == 200));
        Assert.Single(winners.Select(reply => reply.Is(200).Body).Distinct());
        Assert.All(sides.Single(side => side != winners), reply => reply.Refuses(422, "idempotency_conflict"));
    }

    [Fact]
    public async Task Many_starts_with_one_key_are_one_checkout()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, Taps).Select(_ => shop.Start(Shopper.Cart("TEA-100", 1), key: "start-taps")));

        Assert.Single(replies.Select(reply => reply.Is(201).Body).Distinct());
        Assert.Single(replies, reply => !reply.IsReplay);
        (await shop.Start(Shopper.Cart("TEA-100", 2), key: "start-taps")).Refuses(422, "idempotency_conflict");
    }

    [Fact]
    public async Task An_operators_word_under_one_key_is_said_once()
    {
        var ada = await shop.ReadyShopper();

        var replies = await Task.WhenAll(Enumerable.Range(0, Taps).Select(_ => shop.Operate($"checkouts/{ada.Id}/retry", new { note = "now" }, "op-1")));

        Assert.Single(replies.Select(reply => reply.Is(202).Body).Distinct());
        Assert.Single(replies, reply => !reply.IsReplay);
        (await shop.Operate($"checkouts/{ada.Id}/retry", new { note = "later" }, "op-1")).Refuses(422, "idempotency_conflict");
        Assert.False((await shop.Operate($"checkouts/{ada.Id}/retry", new { note = "later" }, "op-2")).Is(202).IsReplay);
        (await ada.Pay()).Is(200);
    }

    [Fact]
    public async Task A_payment_and_its_confirmation_are_one_call_and_two_bodies()
    {
        var ada = await shop.ReadyShopper();
        var asked = (await ada.Pay("pm_card_authenticationRequired", key: "3ds")).Is(202);
        await shop.Providers.Authenticate(asked, "approve");

        (await ada.IsUnchangedBy(() => ada.Post("complete", new { payment_confirmation = true }, "3ds"))).Refuses(422, "idempotency_conflict");
        (await ada.IsUnchangedBy(() => ada.Pay("pm_card_visa", key: "3ds"))).Refuses(422, "idempotency_conflict");

        var paid = (await ada.Post("complete", new { payment_confirmation = true }, "confirmed")).Is(200);
        Assert.Equal(paid.Body, (await ada.Pay("pm_card_authenticationRequired", key: "3ds")).Is(200).Body);
        (await ada.Pay("pm_card_visa", key: "3ds")).Refuses(422, "idempotency_conflict");
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("outage")]
    public async Task Taps_during_an_outage_are_one_attempt_and_once_it_is_over_the_same_key_pays(string? key)
    {
        await using var struck = await Shop.Open();
        var ada = await struck.ReadyShopper();
        await struck.Providers.Fail("stripe", "create", "http_500", times: 1000);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ada.Pay(key: key)));

        Assert.All(replies, reply => reply.Refuses(503, "payment_unavailable"));
        Assert.Single(replies.Select(reply => reply.Body).Distinct());
        Assert.DoesNotContain(replies, reply => reply.IsReplay);
        await struck.Providers.Recover();
        var paid = (await ada.Pay(key: key)).Is(200);
        Assert.False(paid.IsReplay);
        await struck.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
    }

    [Fact]
    public async Task A_key_whose_process_died_before_it_could_act_acts_when_it_comes_again()
    {
        var ada = await shop.ReadyShopper();
        var body = JsonSerializer.SerializeToUtf8Bytes(new { payment_token = "pm_card_visa" });
        await shop.Tell(
            "sessions.db",
            $"INSERT INTO claims VALUES ('{ada.Id}', '{Secrets.Hash("Complete:died")}', '{Secrets.Hash(body)}', 'req_of_the_dead', {DateTimeOffset.UnixEpoch.ToUnixTimeMilliseconds()})");

        (await ada.Pay("pm_card_mastercard", key: "died")).Refuses(422, "idempotency_conflict");
        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ada.Pay(key: "died")));

        Assert.Single(replies.Select(reply => reply.Is(200).Body).Distinct());
        await shop.Providers.WerePaidOnce(ada, replies[0].Number("grand_total"));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_48_hours_by_the_timer()
    {
        await using var old = await Shop.Open(("Idempotency:PurgeSchedule", "* * * * * *"));
        var first = (await old.Start(Shopper.Cart("TEA-100", 1), key: "old")).Is(201);
        var ada = await old.ReadyShopper();
        (await ada.Pay(key: "old")).Is(200);

        const long Hours48 = 48 * 60 * 60 * 1000;
        foreach (var table in new[] { "starts", "claims", "answers" })
            await old.Tell("sessions.db", $"UPDATE {table} SET created_at = created_at - {Hours48}");
        for (var look = 0; await old.Ask<long>("sessions.db", "SELECT (SELECT COUNT(*) FROM starts) + (SELECT COUNT(*) FROM claims) + (SELECT COUNT(*) FROM answers)") > 0; look++)
        {
            Assert.True(look < 300, "The keys were never forgotten.");
            await Task.Delay(100);
        }

        Assert.NotEqual(first.Text("checkout_id"), (await old.Start(Shopper.Cart("TEA-100", 1), key: "old")).Is(201).Text("checkout_id"));
        Assert.Equal("COMPLETED", (await ada.Pay("pm_card_mastercard", key: "old")).Is(200).Status());
        await old.Providers.WerePaidOnce(ada, (await ada.Get()).Number("grand_total"));
    }

    private static Task<Reply> Send(Shopper shopper, string call, object body, string key)
    {
        var step = call[(call.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        return call.StartsWith("PUT", StringComparison.Ordinal) ? shopper.Put(step, body, key) : shopper.Post(step, body, key);
    }
}
