using System.Net.Mail;
using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;

namespace CheckoutFunctions.Api;

/// <summary>What the storefront's requests hold, checked field by field.</summary>
public static class Requests
{
    public static StartRequest Start(RequestBody body)
    {
        var fields = new Fields(body.Root);
        var cart = fields.Object("cart", required: true);
        var cartId = cart?.Text("cart_id", maxLength: 100);
        var currency = cart?.Text("currency", required: true, maxLength: 3);
        if (currency is not null && !Currencies.IsKnown(currency))
            cart!.Error("currency", "Must be an ISO 4217 code that the shop knows, such as USD.");

        var items = cart?.Objects("items", 1, 100).Select((item, line) => new StartItem(
            line,
            item.Text("sku", required: true, maxLength: 64) ?? "",
            (int)(item.Integer("quantity", 1, 999, required: true) ?? 0),
            item.Integer("unit_price", 0, long.MaxValue))).ToList() ?? [];
        var customer = fields.Object("customer") is { } given ? Customer(given) : null;
        fields.ThrowIfWrong();

        // One line a product: stock is held by product, and a limit of 999 is a limit on the product.
        var merged = items.GroupBy(item => item.Sku, StringComparer.Ordinal)
            .Select(group => group.First() with { Quantity = group.Sum(item => item.Quantity) })
            .ToList();
        if (merged.Find(item => item.Quantity > 999) is { } tooMany)
            cart!.Error("items", $"{tooMany.Sku}: at most 999 of a product.");
        if (items.GroupBy(item => item.Sku, StringComparer.Ordinal).Any(group => group.Select(item => item.UnitPrice).Distinct().Count() > 1))
            cart!.Error("items", "Lines of one product show different prices.");
        fields.ThrowIfWrong();
        return new(cartId, currency!, merged, customer);
    }

    public static Customer Customer(RequestBody body)
    {
        var fields = new Fields(body.Root);
        var customer = Customer(fields);
        fields.ThrowIfWrong();
        return customer!;
    }

    public static IReadOnlyList<string> DiscountCodes(RequestBody body)
    {
        var fields = new Fields(body.Root);
        var codes = fields.Texts("codes", max: 10, maxLength: 40);
        fields.ThrowIfWrong();
        return codes;
    }

    public static Address Address(RequestBody body)
    {
        var fields = new Fields(body.Root);
        var address = new Address(
            fields.Text("name", maxLength: 100),
            fields.Text("line1", required: true, maxLength: 100)!,
            fields.Text("line2", maxLength: 60),
            fields.Text("city", maxLength: 60),
            fields.Text("state", maxLength: 40),
            fields.Text("zip", maxLength: 20),
            Country(fields)!);
        fields.ThrowIfWrong();
        return address;
    }

    /// <summary>Where to, as far as a postal code says: <c>?country=US&amp;postal_code=90210</c>.</summary>
    public static Address Place(IQueryCollection query)
    {
        var fields = new Fields(JsonSerializer.SerializeToElement(new { country = (string?)query["country"], postal_code = (string?)query["postal_code"] }));
        var country = Country(fields);
        var code = fields.Text("postal_code", required: true, maxLength: 20);
        fields.ThrowIfWrong();
        var place = PostalCodes.PlaceOf(country!, code!);
        if (place is null)
            fields.Error("postal_code", $"Must be a postal code of {country}.");
        fields.ThrowIfWrong();
        return place!;
    }

    public static string ShippingMethod(RequestBody body)
    {
        var fields = new Fields(body.Root);
        var method = fields.Text("shipping_method", required: true, maxLength: 100);
        fields.ThrowIfWrong();
        return method!;
    }

    public static CompleteRequest Complete(RequestBody body)
    {
        var fields = new Fields(body.Root);
        var confirmation = fields.Flag("payment_confirmation") ?? false;
        var token = fields.Text("payment_token", required: !confirmation, maxLength: 255);
        var total = fields.Integer("grand_total", 0, long.MaxValue);
        fields.ThrowIfWrong();
        return new(token, total, confirmation && token is null);
    }

    private static string? Country(Fields fields)
    {
        var country = fields.Text("country", required: true, maxLength: 2)?.ToUpperInvariant();
        if (country is not null and not [>= 'A' and <= 'Z', >= 'A' and <= 'Z'])
            fields.Error("country", "Must be an ISO 3166 code of two letters, such as US.");
        return country;
    }

    private static Customer? Customer(Fields fields)
    {
        var email = fields.Text("email", required: true, maxLength: 254);
        var account = fields.Text("account_id", maxLength: 100);
        if (email is null)
            return null;
        if (!MailAddress.TryCreate(email, out var parsed) || parsed.Address != email || !parsed.Host.Contains('.', StringComparison.Ordinal))
            fields.Error("email", "Must be an e-mail address.");
        return new(email, account);
    }
}

public sealed record StartRequest(string? CartId, string Currency, IReadOnlyList<StartItem> Items, Customer? Customer);

/// <param name="Line">Where the request first names the product, from 0.</param>
/// <param name="UnitPrice">What the buyer was shown, in minor units; null: not said.</param>
public sealed record StartItem(int Line, string Sku, int Quantity, long? UnitPrice);

/// <param name="IsConfirmation">The buyer comes back from 3-D Secure.</param>
public sealed record CompleteRequest(string? PaymentToken, long? GrandTotal, bool IsConfirmation);
