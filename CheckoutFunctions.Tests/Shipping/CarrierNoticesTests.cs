using CheckoutFunctions.Shipping;

namespace CheckoutFunctions.Tests.Shipping;

public sealed class CarrierNoticesTests
{
    private static readonly ShippingRate[] Rates = [ShippingActivitiesTests.Rate("USPS_Priority", 900, "a")];

    [Theory]
    [InlineData("UPS: Lane not served")]
    [InlineData("FedEx: Delivery to a P.O. Box is not available.")]
    [InlineData("FedEx: The package weight exceeds the FedEx maximum.")]
    [InlineData("UPS: quotes in CAD, not in USD.")]
    public void Why_a_carrier_gives_no_rate_is_told(string message) => Assert.Equal([message], Of(message, message));

    [Theory]
    [InlineData("UPS: Invalid Access License number")]
    [InlineData("DhlEcs: shipment.options.merchant_id is required")]
    [InlineData("DhlEcs: Invalid credentials")]
    [InlineData("CanadaPost: ['Unable to get rates for shipments originating outside of Canada.']")]
    [InlineData("Uber: Request failed. Please try again or contact Shippo support at help@example.com.")]
    [InlineData("UPS: Account numbers should be 6 characters or less.")]
    [InlineData("UPS: No agreement for 12345678")]
    [InlineData("UPS: <b>Nope</b>")]
    [InlineData("USPS: Rates may vary")]
    [InlineData("Something went wrong")]
    public void What_is_the_shops_own_business_or_no_failure_is_not(string message) => Assert.Empty(Of(message));

    [Fact]
    public void Nor_is_a_novel() => Assert.Empty(Of("UPS: " + string.Join(' ', Enumerable.Repeat("no", 100))));

    [Fact]
    public void Where_nobody_quotes_what_has_no_carrier_is_told_too() =>
        Assert.Equal(["No such country. (country)"], CarrierNotices.Of(new([], ["No such country. (country)"])));

    private static IReadOnlyList<string> Of(params string[] messages) => CarrierNotices.Of(new(Rates, messages));
}
