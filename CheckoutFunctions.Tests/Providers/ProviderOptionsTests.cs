using System.Globalization;
using System.Text.RegularExpressions;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;
using CheckoutFunctions.Tests.Rules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Providers;

public sealed class ProviderOptionsTests
{
    [Fact]
    public void A_key_alone_reaches_the_providers_own_address()
    {
        var options = Read(("Acme:ApiKey", " secret "));
        Assert.Equal(new("https://api.acme.test"), options.BaseUrl);
        Assert.Equal("secret", options.ApiKey);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7072/acme")]
    [InlineData("http://localhost:7072/acme/")]
    [InlineData("http://[::1]:7072")]
    public void On_this_machine_no_key_is_needed(string baseUrl) =>
        Assert.Equal("sandbox", Read(("Acme:BaseUrl", baseUrl)).ApiKey);

    [Theory]
    [InlineData("Acme__ApiKey is missing", "BaseUrl", "https://api.acme.test")]
    [InlineData("Acme__ApiKey is a Key Vault reference", "ApiKey", "@Microsoft.KeyVault(VaultName=v;SecretName=s)")]
    [InlineData("Acme__ApiKey holds a character", "ApiKey", "secret\nsecret")]
    [InlineData("Acme__BaseUrl is not", "BaseUrl", "api.acme.test")]
    [InlineData("Acme__BaseUrl is not", "BaseUrl", "ftp://api.acme.test")]
    [InlineData("Acme__BaseUrl may hold", "BaseUrl", "https://user:secret@api.acme.test")]
    [InlineData("Acme__BaseUrl may hold", "BaseUrl", "https://api.acme.test?key=secret")]
    [InlineData("Acme__BaseUrl must be https", "BaseUrl", "http://api.acme.test")]
    [InlineData("Acme__TimeoutSeconds must be", "TimeoutSeconds", "soon")]
    [InlineData("Acme__TimeoutSeconds__confirm must be", "TimeoutSeconds:confirm", "0")]
    [InlineData("Acme__TimeoutSeconds__confrim names no operation; known: verify, rates, quote,", "TimeoutSeconds:confrim", "5")]
    [InlineData("Acme__MaxConcurrentCalls must be", "MaxConcurrentCalls", "3")]
    [InlineData("Acme__MaxConcurrentCalls must be", "MaxConcurrentCalls", "many")]
    public void A_bad_setting_stops_the_start_with_its_name_and_without_its_value(string sentence, string setting, string value)
    {
        (string, string)[] settings = setting is "ApiKey" || sentence.Contains("missing", StringComparison.Ordinal)
            ? [($"Acme:{setting}", value)]
            : [("Acme:ApiKey", "secret"), ($"Acme:{setting}", value)];
        var error = Assert.Throws<InvalidOperationException>(() => Read(settings));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_operation_has_its_own_time_out_and_settings_change_it()
    {
        var defaults = Read(("Acme:ApiKey", "k"));
        Assert.Equal([2, 2, 2, 2, 8], new[] { "verify", "rates", "quote", "create", "confirm" }.Select(operation => defaults.TimeoutOf(operation).TotalSeconds));

        var set = Read(("Acme:ApiKey", "k"), ("Acme:TimeoutSeconds", "5"), ("Acme:TimeoutSeconds:confirm", "12.5"));
        Assert.Equal([5, 12.5], new[] { "verify", "confirm" }.Select(operation => set.TimeoutOf(operation).TotalSeconds));
    }

    [Fact]
    public void The_readme_lists_each_operation_with_its_time_out()
    {
        var rows = Regex.Matches(SourceFile.Read("README.md"), @"^\| `([a-z]+)` \| (\d+) \|", RegexOptions.Multiline);
        Assert.Equal(ProviderTimeouts.Seconds.Select(row => (row.Key, row.Value)).Order(), rows.Select(row => (row.Groups[1].Value, double.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture))).Order());
    }

    [Theory]
    [InlineData("Acme, Other", "names the unknown provider 'Other'; known: Acme")]
    [InlineData("Acme,Acme", "names a provider twice")]
    [InlineData(" , ", "names no provider")]
    public void A_bad_list_of_providers_stops_the_start(string list, string sentence)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Configuration(("Shipping:Providers", list)).ReadProviders("Shipping", ["Acme"]));
        Assert.Contains("Shipping__Providers " + sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Providers_keep_their_order_and_the_first_known_is_the_default()
    {
        Assert.Equal(["B", "A"], Configuration(("Taxes:Providers", "B, A")).ReadProviders("Taxes", ["A", "B"]));
        Assert.Equal(["A"], Configuration().ReadProviders("Taxes", ["A", "B"]));
    }

    [Fact]
    public void The_shop_ships_from_one_whole_address()
    {
        var shop = Shop(("Shop:Name", "Tea & Co"), ("Shop:PackagingGrams", "80"), ("Shop:ShipFrom:Line1", "Unter den Linden 1"), ("Shop:ShipFrom:City", "Berlin"), ("Shop:ShipFrom:Zip", "10117"), ("Shop:ShipFrom:Country", "DE"));
        Assert.Equal(new("Tea & Co", "Unter den Linden 1", null, "Berlin", null, "10117", "DE"), shop.ShipFrom);
        Assert.Equal(80, shop.PackagingGrams);
        Assert.Equal(new(), Shop());
    }

    [Theory]
    [InlineData("Shop__PackagingGrams", "Shop:PackagingGrams", "-1")]
    [InlineData("Shop__ShipFrom__Line1", "Shop:ShipFrom:Country", "US")]
    [InlineData("Shop__ShipFrom__Country", "Shop:ShipFrom:Line1", "1 Main St")]
    public void A_bad_setting_of_the_shop_stops_the_start(string named, string setting, string value) =>
        Assert.Contains(named, Assert.Throws<InvalidOperationException>(() => Shop((setting, value))).Message, StringComparison.Ordinal);

    private static ProviderOptions Read(params (string Key, string Value)[] settings) =>
        ProviderOptions.Read(Configuration(settings), "Acme", "https://api.acme.test");

    private static ShopOptions Shop(params (string Key, string Value)[] settings)
    {
        using var services = new ServiceCollection().AddShop(Configuration(settings)).BuildServiceProvider();
        return services.GetRequiredService<ShopOptions>();
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
}
