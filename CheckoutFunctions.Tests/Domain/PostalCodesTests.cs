using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Tests.Domain;

public sealed class PostalCodesTests
{
    [Theory]
    [InlineData("US", "90210", "90210", "CA")]
    [InlineData("US", " 90210-1234 ", "90210", "CA")]
    [InlineData("US", "10001", "10001", "NY")]
    [InlineData("US", "05501", "05501", "MA")]
    [InlineData("US", "00501", "00501", "NY")]
    [InlineData("US", "20500", "20500", "DC")]
    [InlineData("US", "73301", "73301", "TX")]
    [InlineData("US", "09012", "09012", "AE")]
    [InlineData("PR", "00901", "00901", "PR")]
    [InlineData("CA", "m5h2g4", "M5H 2G4", "ON")]
    [InlineData("CA", "X0A 0H0", "X0A 0H0", "NT")]
    [InlineData("DE", "10115", "10115", null)]
    [InlineData("GB", "sw1a 1aa", "SW1A 1AA", null)]
    [InlineData("PL", "00-950", "00-950", null)]
    public void It_says_where_an_address_lies(string country, string code, string zip, string? state)
    {
        var place = PostalCodes.PlaceOf(country, code)!;
        Assert.Equal(new Address(null, "", null, null, state, zip, country), place);
        Assert.True(place.IsPostalCodeOnly());
        Assert.False((place with { Line1 = "1 Main St" }).IsPostalCodeOnly());
    }

    [Theory]
    [InlineData("US", "9021")]
    [InlineData("US", "902101")]
    [InlineData("US", "00000")]
    [InlineData("US", "715xx")]
    [InlineData("US", "71500")]
    [InlineData("CA", "90210")]
    [InlineData("CA", "D5H 2G4")]
    [InlineData("DE", "Berlin")]
    [InlineData("DE", "1")]
    [InlineData("DE", "10115; DROP TABLE")]
    public void Or_that_it_is_none(string country, string code) => Assert.Null(PostalCodes.PlaceOf(country, code));
}
