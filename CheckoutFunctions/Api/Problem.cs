using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;

namespace CheckoutFunctions.Api;

/// <summary>An error as callers get it: RFC 9457 with a stable code. The one place that gives each code its HTTP status.</summary>
public sealed record Problem(string Code, string Detail)
{
    private static readonly Dictionary<string, (int Status, string Title)> Known = new(StringComparer.Ordinal)
    {
        ["invalid_request"] = (400, "The request is not valid"),
        ["invalid_signature"] = (400, "The signature is not valid"),
        ["card_declined"] = (402, "The card was declined"),
        ["checkout_not_found"] = (404, "There is no such checkout"),
        ["order_not_found"] = (404, "There is no such order"),
        ["refund_not_found"] = (404, "There is no such refund"),
        ["poison_message_not_found"] = (404, "There is no such message"),
        ["order_not_paid"] = (409, "The order has no money to refund"),
        ["price_changed"] = (409, "A price has changed"),
        ["step_not_ready"] = (409, "An earlier step is missing"),
        ["rate_expired"] = (409, "The shipping rate has expired"),
        ["out_of_stock"] = (409, "Not enough in stock"),
        ["totals_changed"] = (409, "The total has changed"),
        ["checkout_closed"] = (409, "The checkout has ended"),
        ["checkout_completed"] = (409, "The checkout is completed"),
        ["needs_attention"] = (409, "An operator must look into this checkout"),
        ["body_too_large"] = (413, "The request is too large"),
        ["unknown_sku"] = (422, "The catalog doesn't have this"),
        ["currency_mismatch"] = (422, "The cart's currency isn't the catalog's"),
        ["idempotency_conflict"] = (422, "The idempotency key was used for another request"),
        ["discount_not_applicable"] = (422, "A discount code doesn't apply"),
        ["address_undeliverable"] = (422, "The address can't be delivered to"),
        ["no_shipping_rates"] = (422, "No carrier delivers there"),
        ["unknown_shipping_method"] = (422, "There is no such shipping method"),
        ["refund_exceeds_order"] = (422, "More than is left of the order"),
        ["restock_exceeds_sold"] = (422, "More than was sold"),
        ["raw_card_data"] = (422, "Card numbers are not accepted"),
        ["invalid_payment_token"] = (422, "The payment token isn't valid"),
        ["internal_error"] = (500, "Something went wrong"),
        ["shipping_unavailable"] = (503, "Shipping rates are not available"),
        ["tax_unavailable"] = (503, "Taxes are not available"),
        ["payment_unavailable"] = (503, "Payments are not available"),
        ["store_unavailable"] = (503, "The shop's store is not available"),
    };

    public IReadOnlyList<AnswerError>? Errors { get; init; }

    /// <summary>Further members of the body.</summary>
    public Dictionary<string, object?> Extensions { get; init; } = [];

    public static Problem CheckoutNotFound => new("checkout_not_found", "The id is unknown, or the client secret is missing or wrong.");

    public IResult ToResult()
    {
        var (status, title) = Known[Code];
        var body = new Dictionary<string, object?>
        {
            ["type"] = $"urn:checkout:problem:{Code}",
            ["title"] = title,
            ["status"] = status,
            ["detail"] = Detail,
            ["code"] = Code,
        };
        if (Errors is not null)
            body["errors"] = Errors;
        foreach (var (name, value) in Extensions)
            body[name] = value;
        var problem = Results.Json(body, Json.Options, "application/problem+json", status);
        return status == StatusCodes.Status503ServiceUnavailable ? new WithHeaders(problem, ("Retry-After", "5")) : problem;
    }
}

/// <summary>Ends a request with a problem, from wherever in <c>Api/</c> it was found.</summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}

/// <summary>A result with headers of its own.</summary>
internal sealed class WithHeaders(IResult result, params (string Name, string Value)[] headers) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        foreach (var (name, value) in headers)
            httpContext.Response.Headers[name] = value;
        return result.ExecuteAsync(httpContext);
    }
}
