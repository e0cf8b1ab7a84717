using System.Text.Json;
using System.Text.Json.Nodes;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Api;

/// <summary><c>POST /api/checkout</c>: a cart becomes a checkout, at the catalog's prices.</summary>
public sealed class StartEndpoint(ISessionStore sessions, Catalog catalog, CheckoutLimits limits, TimeProvider clock, ILogger<StartEndpoint> logger)
{
    [Function("StartCheckout")]
    public Task<IResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/checkout")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation) => Respond.To(request, logger, async () =>
    {
        var body = await RequestBody.Read(request, cancellation);
        var key = IdempotencyKey.Of(request);
        if (key is not null && await Earlier(client, key, body, cancellation) is { } earlier)
            return earlier;

        var cart = Requests.Start(body);
        var state = Open(cart, await Lines(cart, cancellation));
        var salt = Secrets.NewSalt();
        var secret = Secrets.Derive(key ?? Secrets.NewSalt(), salt);
        var start = key is null ? null : new StartedCheckout(Secrets.Hash(key), body.Hash, state.Session.CheckoutId, salt);

        // The row is the gate: of several requests with one key, one gets through.
        if (!await sessions.Create(new(state.Session, Secrets.Hash(secret), JsonSerializer.Serialize(state), start), cancellation))
            return await Earlier(client, key!, body, cancellation) ?? throw new InvalidOperationException("A start was refused and can't be found.");

        await CheckoutClient.Start(client, state, cancellation);
        return Created(state.Session, secret, replayed: false);
    });

    private async Task<IResult?> Earlier(DurableTaskClient client, string key, RequestBody body, CancellationToken cancellation)
    {
        if (await sessions.FindStart(Secrets.Hash(key), cancellation) is not { } start)
            return null;
        if (start.RequestHash != body.Hash)
            return IdempotencyKey.Conflict.ToResult();

        var session = await sessions.Find(start.CheckoutId, cancellation) ?? throw new InvalidOperationException("A started checkout has no session.");
        var state = JsonSerializer.Deserialize<CheckoutState>(session.Input)!;
        // The first request may have ended between the row and the orchestration's start.
        await CheckoutClient.Start(client, state, cancellation);
        return Created(state.Session, Secrets.Derive(key, start.Salt), replayed: true);
    }

    private static IResult Created(SessionDocument session, string secret, bool replayed)
    {
        var body = JsonSerializer.SerializeToNode(session, Json.Options)!.AsObject();
        body["client_secret"] = JsonValue.Create(secret);
        var result = new WithHeaders(
            Results.Json(body, Json.Options, statusCode: StatusCodes.Status201Created),
            ("Location", $"/api/checkout/{session.CheckoutId}"),
            ("ETag", Respond.ETag(session)));
        return replayed ? new WithHeaders(result, Respond.Replayed) : result;
    }

    /// <summary>The cart's lines at the catalog's prices; refused where the catalog doesn't have them or the buyer was shown other prices.</summary>
    private async Task<IReadOnlyList<LineItem>> Lines(StartRequest request, CancellationToken cancellation)
    {
        var products = await catalog.Find(request.Items.Select(item => item.Sku), cancellation);
        Refuse("unknown_sku", "/sku", item => products.ContainsKey(item.Sku) ? null : $"{item.Sku} is not in the catalog.");
        Refuse("currency_mismatch", "", item => products[item.Sku].Currency == request.Currency
            ? null
            : $"{item.Sku} is sold in {products[item.Sku].Currency}, not {request.Currency}.");
        Refuse("price_changed", "/unit_price", item => item.UnitPrice is not { } shown || shown == products[item.Sku].UnitPrice
            ? null
            : $"{item.Sku} was shown at {shown} and costs {products[item.Sku].UnitPrice}.");
        return request.Items.Select(item => products[item.Sku].Line(item.Quantity)).ToList();

        void Refuse(string code, string field, Func<StartItem, string?> reasonOf)
        {
            var errors = request.Items
                .Select(item => reasonOf(item) is { } reason ? new AnswerError($"/cart/items/{item.Line}{field}", reason) : null)
                .OfType<AnswerError>()
                .ToList();
            if (errors.Count == 0)
                return;

            var problem = new Problem(code, string.Join(' ', errors.Select(error => error.Detail))) { Errors = errors };
            if (code == "price_changed")
                problem.Extensions["prices"] = request.Items.Select(item => new { item.Sku, Shown = item.UnitPrice, Current = products[item.Sku].UnitPrice });
            throw new ProblemException(problem);
        }
    }

    private CheckoutState Open(StartRequest request, IReadOnlyList<LineItem> items)
    {
        var id = Secrets.NewId("chk_");
        var session = new SessionDocument(
            id, request.CartId ?? "cart_" + id[4..], CheckoutStatus.Cart, Version: 1, request.Currency, Items: [], request.Customer, Discounts: [],
            ShippingAddress: null, AddressCheck: null, ShippingRates: null, ShippingMethod: null, ShippingCost: null, TaxCost: null, Tax: null,
            Subtotal: 0, DiscountTotal: 0, GrandTotal: null, SessionPayment.None, OrderId: null, Messages: [], clock.GetUtcNow() + limits.Expiry);
        return new CheckoutState(session, items, [], limits).Reprice();
    }
}
