using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CheckoutFunctions.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandbox;

namespace CheckoutFunctions.Tests.Sandbox;

public sealed class WebhookTests : IAsyncLifetime
{
    private const string Secret = "whsec_of_the_sandbox";
    private const string Held = "payment_intent.amount_capturable_updated";

    private readonly ConcurrentQueue<(string Body, string Signature)> received = [];
    private readonly ConcurrentQueue<int> answers = [];
    private WebApplication shop = null!;
    private SandboxApp sandbox = null!;
    private Providers providers = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        shop = builder.Build();
        shop.Run(async http =>
        {
            received.Enqueue((await new StreamReader(http.Request.Body, Encoding.UTF8).ReadToEndAsync(), http.Request.Headers["Stripe-Signature"].ToString()));
            http.Response.StatusCode = answers.TryDequeue(out var status) ? status : StatusCodes.Status200OK;
        });
        await shop.StartAsync();
        sandbox = await SandboxApp.Start(new() { Port = 0, WebhookUrl = new Uri(shop.Urls.First()), WebhookSecret = Secret });
        providers = new Providers(sandbox);
    }

    public async Task DisposeAsync()
    {
        await providers.DisposeAsync();
        await shop.DisposeAsync();
    }

    [Fact]
    public async Task Each_step_of_a_payment_is_told_in_order_signed_and_with_the_object_as_it_was()
    {
        var created = await providers.Create("pm_card_visa");
        var id = created.Text("id");
        await providers.Stripe($"payment_intents/{id}/confirm");
        await providers.Stripe($"payment_intents/{id}/capture");
        await providers.Stripe("refunds", new Dictionary<string, string> { ["payment_intent"] = id });

        var events = await Received(5);

        Assert.Equal(["payment_intent.created", Held, "payment_intent.succeeded", "refund.created", "charge.refunded"], events.Select(Type));
        Assert.Equal(["requires_confirmation", "requires_capture", "succeeded"], events.Take(3).Select(happened => Object(happened).GetProperty("status").GetString()));
        Assert.All(events.Take(3), happened => Assert.Equal("chk_1", Object(happened).GetProperty("metadata").GetProperty("checkout_id").GetString()));
        Assert.Equal(5, events.Select(happened => happened.GetProperty("id").GetString()).Distinct().Count());
        Assert.All(received, sent => Assert.True(new StripeSignature([Secret], TimeProvider.System).IsOn(Encoding.UTF8.GetBytes(sent.Body), sent.Signature)));
    }

    [Fact]
    public async Task Declines_3D_Secure_and_cancels_are_told()
    {
        await providers.Create("pm_card_visa_chargeDeclined", confirm: true);
        var id = (await providers.Create("pm_card_authenticationRequired", confirm: true)).Text("id");
        await providers.Stripe($"payment_intents/{id}/cancel");

        Assert.Equal(
            ["payment_intent.created", "payment_intent.payment_failed", "payment_intent.created", "payment_intent.requires_action", "payment_intent.canceled"],
            (await Received(5)).Select(Type));
    }

    [Fact]
    public async Task What_is_not_acknowledged_is_sent_again_and_holds_up_nothing()
    {
        answers.Enqueue(503);
        await providers.Create("pm_card_visa", confirm: true);

        Assert.Equal(["payment_intent.created", Held, "payment_intent.created"], (await Received(3)).Select(Type));
    }

    [Fact]
    public async Task Duplicated_sends_the_same_event_twice()
    {
        await Set(new { mode = "duplicated" });
        await providers.Create("pm_card_visa");

        var events = await Received(2);
        Assert.Single(events.Select(happened => happened.GetProperty("id").GetString()).Distinct());
    }

    [Fact]
    public async Task Reversed_sends_the_newest_first()
    {
        await Set(new { mode = "reversed" });
        await providers.Create("pm_card_visa", confirm: true);

        Assert.Equal([Held, "payment_intent.created"], (await Received(2)).Select(Type));
    }

    [Fact]
    public async Task Off_makes_no_events_and_what_came_before_is_listed()
    {
        await providers.Create("pm_card_visa");
        await Received(1);
        await Set(new { mode = "off" });
        await providers.Create("pm_card_visa");
        await Set(new { mode = "in_order" });
        await providers.Create("pm_card_visa");
        await Received(2);

        var listed = await providers.Http.GetFromJsonAsync<JsonElement>("/_sandbox/webhooks");
        Assert.Equal(2, listed.GetProperty("events").GetArrayLength());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"mode":"sideways"}""")]
    [InlineData("""{"mode":"delayed","delay_ms":-1}""")]
    [InlineData("""{"mode":"delayed","delay_ms":"soon"}""")]
    [InlineData("[]")]
    public async Task Another_mode_is_refused(string body)
    {
        using var answer = await providers.Http.PostAsync("/_sandbox/webhooks", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_refused_call_tells_nothing()
    {
        var id = (await providers.Create("pm_card_visa")).Text("id");
        await providers.Stripe($"payment_intents/{id}/capture");
        await providers.Stripe($"payment_intents/{id}/cancel");

        Assert.Equal(["payment_intent.created", "payment_intent.canceled"], (await Received(2)).Select(Type));
    }

    private static string? Type(JsonElement happened) => happened.GetProperty("type").GetString();

    private static JsonElement Object(JsonElement happened) => happened.GetProperty("data").GetProperty("object");

    private async Task Set(object mode)
    {
        using var answer = await providers.Http.PostAsJsonAsync("/_sandbox/webhooks", mode);
        Assert.True(answer.IsSuccessStatusCode);
    }

    /// <summary>The events that have come, once there are so many.</summary>
    private async Task<IReadOnlyList<JsonElement>> Received(int count)
    {
        for (var look = 0; received.Count < count; look++)
        {
            Assert.True(look < 3000, $"Only {received.Count} events came: {string.Join(' ', received.Select(sent => Type(JsonElement.Parse(sent.Body))))}");
            await Task.Delay(10);
        }

        return received.Select(sent => JsonElement.Parse(sent.Body)).ToList();
    }
}
