using System.Text.Json;

namespace CheckoutFunctions.Tests.Api;

/// <summary>Sends one request of a storefront: method, path, body, client secret, idempotency key.</summary>
public delegate Task<Reply> Storefront(HttpMethod method, string path, object? body, string? secret, string? key);

/// <summary>A buyer with a checkout, who knows its secret.</summary>
public sealed class Shopper
{
    public const string Ground = "FedEx_Ground";

    private readonly Storefront storefront;

    private Shopper(Storefront storefront, Reply started) =>
        (this.storefront, Started, Id, Secret) = (storefront, started, started.Text("checkout_id")!, started.Text("client_secret")!);

    public static object BeverlyHills { get; } =
        new { name = "Ada L", line1 = "1 Main St", city = "Beverly Hills", state = "CA", zip = "90210", country = "US" };

    public static object NewYork { get; } =
        new { name = "Ada L", line1 = "20 W 34th St", city = "New York", state = "NY", zip = "10001", country = "US" };

    public Reply Started { get; }

    public string Id { get; }

    public string Secret { get; }

    public static async Task<Shopper> Start(Storefront storefront, string sku, int quantity, string? email = null) => new(
        storefront,
        (await storefront(HttpMethod.Post, "/api/checkout", email is null ? Cart(sku, quantity) : Cart(sku, quantity, email), null, null)).Is(201));

    private static object Cart(string sku, int quantity, string email) =>
        new { cart = new { cart_id = "cart_123", currency = "USD", items = new[] { new { sku, quantity } } }, customer = new { email } };

    public static object Cart(string sku, object quantity, string currency = "USD", object? price = null) => price is null
        ? new { cart = new { cart_id = "cart_123", currency, items = new[] { new { sku, quantity } } } }
        : new { cart = new { cart_id = "cart_123", currency, items = new[] { new { sku, quantity, unit_price = price } } } };

    public Task<Reply> Get(string? secret = null) => storefront(HttpMethod.Get, $"/api/checkout/{Id}", null, secret ?? Secret, null);

    public Task<Reply> Put(string step, object body, string? key = null) => storefront(HttpMethod.Put, $"/api/checkout/{Id}/{step}", body, Secret, key);

    public Task<Reply> Post(string step, object? body, string? key = null) => storefront(HttpMethod.Post, $"/api/checkout/{Id}/{step}", body, Secret, key);

    public Task<Reply> Estimate(string country, string postalCode) =>
        storefront(HttpMethod.Get, $"/api/checkout/{Id}/estimate?country={Uri.EscapeDataString(country)}&postal_code={Uri.EscapeDataString(postalCode)}", null, Secret, null);

    public Task<Reply> ShipTo(object address, string? key = null) => Put("shipping-address", address, key);

    public Task<Reply> Choose(string method) => Put("shipping-method", new { shipping_method = method });

    public Task<Reply> Discount(params string[] codes) => Put("discounts", new { codes });

    public Task<Reply> Pay(string token = "pm_card_visa", string? key = null) => Post("complete", new { payment_token = token }, key);

    public Task<Reply> PayAndWait(string token = "pm_card_visa", string? key = null) => Insist(() => Pay(token, key));

    /// <summary>Asks again, as a storefront does, for as long as the answer is 202.</summary>
    public static async Task<Reply> Insist(Func<Task<Reply>> call)
    {
        for (var ask = 0; ; ask++)
        {
            var reply = await call();
            if (reply.Status != 202 || ask == 5)
                return reply;
        }
    }

    public Task<Reply> Confirm() => Post("complete", new { payment_confirmation = true });

    public Task<Reply> Cancel() => Post("cancel", null);

    public Task<Reply> Order(string orderId, string? secret) => storefront(HttpMethod.Get, $"/api/orders/{orderId}", null, secret, null);

    public async Task<Reply> GoToPayment()
    {
        (await ShipTo(BeverlyHills)).Is(200);
        return (await Choose(Ground)).Is(200);
    }

    /// <summary>The reply to a call that must leave the session as it was, to the byte.</summary>
    public async Task<Reply> IsUnchangedBy(Func<Task<Reply>> call)
    {
        var before = (await Get()).Is(200);
        var reply = await call();
        var after = (await Get()).Is(200);
        Assert.Equal(before.Body, after.Body);
        Assert.Equal(before.Headers["ETag"], after.Headers["ETag"]);
        return reply;
    }

    /// <summary>Asks until the session is as wanted; the test fails after half a minute.</summary>
    public async Task<Reply> Await(Func<Reply, bool> wanted)
    {
        for (var look = 0; ; look++)
        {
            var reply = await Get();
            if (reply.Status == 200 && wanted(reply))
                return reply;
            Assert.True(look < 300, $"The session never became what was waited for: {reply.Body}");
            await Task.Delay(100);
        }
    }
}

public static class SessionReplies
{
    public static string? Status(this Reply session) => session.Text("status");

    public static string? PaymentState(this Reply session) => session["payment"].GetProperty("state").GetString();

    /// <summary>The contract's equation, exactly.</summary>
    public static void AddsUp(this Reply session) => Assert.Equal(
        session.Number("subtotal") - session.Number("discount_total") + session.Number("shipping_cost") + session.Number("tax_cost"),
        session.Number("grand_total"));

    public static bool IsNull(this Reply session, string name) => session[name].ValueKind == JsonValueKind.Null;
}
