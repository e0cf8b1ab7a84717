using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>The same records as storefronts and stores see them: snake_case, with the contract's words.</summary>
public sealed class SessionJsonTests
{
    [Theory]
    [InlineData(typeof(SessionDocument))]
    [InlineData(typeof(CommandAnswer))]
    public void A_stored_document_comes_back_as_it_went(Type type)
    {
        foreach (var round in Enumerable.Range(0, Enum.GetValues<AnswerCode>().Length))
            RoundTrip(type, new Populated(round).Of(type));
        RoundTrip(type, new Populated(0, nulls: true).Of(type));
    }

    [Fact]
    public void The_session_has_the_contracts_names_in_its_order_and_nothing_else() => Assert.Equal(
        [
            "checkout_id", "cart_id", "status", "version", "currency", "items", "customer", "discounts", "shipping_address", "address_check", "shipping_rates",
            "shipping_method", "shipping_cost", "tax_cost", "tax", "subtotal", "discount_total", "grand_total", "payment", "order_id", "messages", "expires_at",
        ],
        Names(Session));

    [Theory]
    [InlineData("items", "sku name quantity unit_price line_total")]
    [InlineData("customer", "email account_id")]
    [InlineData("discounts", "code amount")]
    [InlineData("shipping_address", "name line1 line2 city state zip country")]
    [InlineData("address_check", "verdict suggestion")]
    [InlineData("shipping_rates", "id carrier service cost delivery_days provider estimated as_of")]
    [InlineData("tax", "source estimated as_of")]
    [InlineData("payment", "state decline_code action")]
    [InlineData("messages", "severity code text pointer")]
    public void So_have_its_parts(string part, string names)
    {
        var value = Session.GetProperty(part);
        Assert.Equal(names.Split(' '), Names(value.ValueKind == JsonValueKind.Array ? value[0] : value));
    }

    [Fact]
    public void What_is_not_known_yet_is_written_as_null() =>
        Assert.Equal(JsonValueKind.Null, JsonSerializer.SerializeToElement(new Populated(0, nulls: true).Of(typeof(SessionDocument)), Json.Options).GetProperty("grand_total").ValueKind);

    [Fact]
    public void A_status_is_written_in_capitals() => Assert.Equal(
        ["CART", "ADDRESS_COLLECTED", "METHOD_SELECTED", "PAYING", "ACTION_REQUIRED", "COMPLETED", "CANCELLED", "EXPIRED", "NEEDS_ATTENTION"],
        Enum.GetValues<CheckoutStatus>().Select(status => Json.Write(status).Trim('"')));

    private static JsonElement Session { get; } = JsonSerializer.SerializeToElement(new Populated(0).Of(typeof(SessionDocument)), Json.Options);

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(property => property.Name);

    private static void RoundTrip(Type type, object value)
    {
        var json = JsonSerializer.Serialize(value, type, Json.Options);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, type, Json.Options), type, Json.Options));
    }
}
