using CheckoutFunctions.Providers;
using CheckoutFunctions.Shipping;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Shipping;

public sealed class ShippingServicesTests
{
    private static readonly (string, string)[] Row = [("Shipping:Fallback:0:Carrier", "UPS"), ("Shipping:Fallback:0:Service", "Ground"), ("Shipping:Fallback:0:Cost", "1200"), ("Shipping:Fallback:0:Currency", "USD")];

    [Fact]
    public void EasyPost_alone_is_asked_unless_settings_say_otherwise()
    {
        using var services = Build();
        Assert.Equal("EasyPost", Assert.Single(services.GetServices<IRateProvider>()).Name);
        Assert.Empty(services.GetRequiredService<ShippingOptions>().Table.Rows);
    }

    [Fact]
    public void Providers_keep_the_settings_order_and_end_by_themselves_before_the_budget_ends_them()
    {
        using var services = Build(("Shipping:Providers", "Shippo,EasyPost"), ("Shipping:BudgetSeconds", "4"), ("Shipping:HedgeSeconds", "0"));
        Assert.Equal(["Shippo", "EasyPost"], services.GetServices<IRateProvider>().Select(provider => provider.Name));
        var options = services.GetRequiredService<ShippingOptions>();
        Assert.Equal((TimeSpan.FromSeconds(4), TimeSpan.Zero), (options.Budget, options.Hedge));
        Assert.All(["Shippo", "EasyPost"], name =>
            Assert.Equal(TimeSpan.FromSeconds(3.8), services.GetRequiredKeyedService<ProviderOptions>(name).TimeoutOf(ProviderOperations.Rates)));
    }

    [Fact]
    public void A_row_needs_a_name_and_a_price_and_covers_everything_unless_it_says_otherwise()
    {
        using var services = Build([.. Row, ("Shipping:Fallback:1:Id", "any"), ("Shipping:Fallback:1:Carrier", "Post"), ("Shipping:Fallback:1:Service", "Letter"), ("Shipping:Fallback:1:Cost", "0"),
            ("Shipping:Fallback:1:Currency", "EUR"), ("Shipping:Fallback:1:Countries", "DE, AT"), ("Shipping:Fallback:1:UpToGrams", "500"), ("Shipping:Fallback:1:DeliveryDays", "2")]);
        var rows = services.GetRequiredService<ShippingOptions>().Table.Rows;
        Assert.Equal(new("UPS_Ground", "UPS", "Ground", 1200, null, "table", true), rows[0].Rate);
        Assert.Equal((0, int.MaxValue, "USD"), (rows[0].Countries.Count, rows[0].UpToGrams, rows[0].Currency));
        Assert.Equal(new("any", "Post", "Letter", 0, 2, "table", true), rows[1].Rate);
        Assert.Equal(["DE", "AT"], rows[1].Countries);
        Assert.Equal((500, "EUR"), (rows[1].UpToGrams, rows[1].Currency));
    }

    [Theory]
    [InlineData("Shipping__BudgetSeconds must be a number of seconds from 0.1 to 600", "Shipping:BudgetSeconds", "0")]
    [InlineData("Shipping__HedgeSeconds must be a number of seconds from 0 to 600", "Shipping:HedgeSeconds", "soon")]
    [InlineData("Shippo__ApiKey is missing", "Shippo:BaseUrl", "https://api.example.com")]
    [InlineData("Shippo__BaseUrl is not an http or https address", "Shippo:BaseUrl", "api")]
    [InlineData("names the unknown provider 'Pigeon'; known: EasyPost, Shippo", "Shipping:Providers", "EasyPost,Pigeon")]
    [InlineData("Shipping__Fallback__0__Carrier is missing", "Shipping:Fallback:0:Carrier", "")]
    [InlineData("Shipping__Fallback__0__Cost is missing", "Shipping:Fallback:0:Cost", "")]
    [InlineData("Shipping__Fallback__0__Cost must be a whole number from 0 to 100000000, in minor units", "Shipping:Fallback:0:Cost", "12.50")]
    [InlineData("Shipping__Fallback__0__Currency must be an ISO 4217 code", "Shipping:Fallback:0:Currency", "$")]
    [InlineData("Shipping__Fallback__0__Countries must be *", "Shipping:Fallback:0:Countries", "USA")]
    [InlineData("Shipping__Fallback__0__UpToGrams must be a whole number", "Shipping:Fallback:0:UpToGrams", "2kg")]
    [InlineData("Shipping__Fallback__0__DeliveryDays must be a whole number from 0 to 365", "Shipping:Fallback:0:DeliveryDays", "400")]
    public void A_setting_that_is_wrong_stops_the_start_with_a_sentence_that_names_it(string sentence, string name, string value)
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => Build([("Shipping:Providers", "EasyPost,Shippo"), .. Row, (name, value)]));
        Assert.Contains(sentence, thrown.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Build(params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?> { ["EasyPost:BaseUrl"] = "http://127.0.0.1:1/easypost", ["Shippo:BaseUrl"] = "http://127.0.0.1:1/shippo" };
        foreach (var (name, value) in settings)
            values[name] = value;
        return new ServiceCollection().AddLogging().AddShipping(new ConfigurationBuilder().AddInMemoryCollection(values).Build()).BuildServiceProvider();
    }
}
