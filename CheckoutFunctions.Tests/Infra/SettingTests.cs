using System.Text.RegularExpressions;

namespace CheckoutFunctions.Tests.Infra;

/// <summary>The app settings that infra/ writes, and the secrets that it must not hold.</summary>
public sealed partial class SettingTests
{
    private static readonly string[] Platform =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AZURE_CLIENT_ID", "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__credential",
    ];

    // As the README at the top lists them; the embedded host's own (LocalHost__…, Sandbox__…) mean nothing on Azure.
    private static readonly string[] Checkout =
    [
        "Addresses__Providers", "Shipping__Providers", "Taxes__Providers", "Payments__Provider",
        "Google__ApiKey", "Google__BaseUrl", "Shippo__ApiKey", "Shippo__BaseUrl", "EasyPost__ApiKey", "EasyPost__BaseUrl",
        "Avalara__AccountId", "Avalara__BaseUrl", "Avalara__CompanyCode", "Avalara__LicenseKey", "TaxJar__ApiKey", "TaxJar__BaseUrl",
        "Stripe__ApiKey", "Stripe__BaseUrl", "Stripe__WebhookSecret",
        "Braintree__BaseUrl", "Braintree__MerchantId", "Braintree__PrivateKey", "Braintree__PublicKey",
        "Addresses__CacheMinutes", "Shipping__CacheMinutes", "Taxes__CacheMinutes",
        "Checkout__ActionMinutes", "Checkout__EstimateMilliseconds", "Checkout__Expiry", "Checkout__HoldMinutes", "Checkout__QuoteMinutes", "Checkout__QuoteTolerancePercent", "Checkout__RequoteSeconds", "Idempotency__PurgeSchedule", "Reconciliation__Schedule", "Reminders__Schedule", "Retention__Schedule", "Shop__DemoCatalog",
        "Sessions__ConnectionString", "Orders__ConnectionString",
        "Shop__Email", "Shop__LegalName", "Shop__Name", "Shop__TaxId", "Smtp__From", "Smtp__Host", "Smtp__Password", "Smtp__Port", "Smtp__StartTls", "Smtp__TimeoutSeconds", "Smtp__Username",
    ];

    private static readonly BicepFile App = BicepFile.Open("modules/functionApp.bicep");

    private static readonly BicepFile Providers = BicepFile.Open("modules/providers.bicep");

    private static IEnumerable<string> Secrets => QuotedSetting().Matches(Providers.Text).Select(m => m.Groups[1].Value);

    [Fact]
    public void Every_setting_is_the_checkouts_or_the_platforms()
    {
        var written = App.KeysOf("platformSettings").Concat(App.KeysOf("checkoutSettings")).Concat(Secrets);
        var named = BicepFile.All.Select(file => file.Text).Append(Readme).SelectMany(text => SettingName().Matches(text).Select(m => m.Value));

        Assert.Empty(written.Concat(named).Except(Platform.Concat(Checkout)));
    }

    [Fact]
    public void What_says_key_or_secret_comes_out_of_the_vault()
    {
        Assert.DoesNotContain(App.KeysOf("platformSettings").Concat(App.KeysOf("checkoutSettings")), name => SaysSecret().IsMatch(name));
        Assert.All(Secrets, name => Assert.Matches(SaysSecret(), name));
        Assert.Contains("toObject(secrets, setting => setting, setting => secretReference(vaultUri, setting))", App.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_provider_that_can_be_chosen_has_its_secrets_listed()
    {
        var types = Regex.Matches(Providers.Text, @"^type \w+Provider = (.+)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value);
        var choices = types.SelectMany(type => Regex.Matches(type, @"'(\w+)'").Select(m => m.Groups[1].Value));

        Assert.Equal(choices.Order(StringComparer.Ordinal), Providers.KeysOf("secretSettings").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_readme_says_how_to_set_every_secret()
    {
        var set = Regex.Matches(Readme, @"--name (\w+--\w+)").Select(m => m.Groups[1].Value.Replace("--", "__", StringComparison.Ordinal));

        Assert.Equal(Secrets.Order(StringComparer.Ordinal), set.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_file_holds_a_key_or_reads_one_from_a_resource()
    {
        foreach (var file in Directory.GetFiles(BicepFile.Folder, "*", SearchOption.AllDirectories))
            Assert.False(KeyLike().IsMatch(File.ReadAllText(file)), $"{Path.GetFileName(file)} holds {KeyLike().Match(File.ReadAllText(file)).Value}");
    }

    [Theory]
    [InlineData("value: account.listKeys().keys[0].value")]
    [InlineData("'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${key}'")]
    [InlineData("Endpoint=sb://a/;SharedAccessKey=abc")]
    [InlineData("param key = 'sk_test_" + "0123456789abcdef'")]
    [InlineData("whsec_" + "0123456789abcdef")]
    [InlineData("AIza" + "SyA0123456789012345678901234567890")]
    [InlineData("'EZTK" + "0123456789abcdef0123456789abcdef'")]
    [InlineData("key: '0123456789abcdef0123456789abcdef'")]
    public void A_key_would_be_noticed(string text) => Assert.Matches(KeyLike(), text);

    private static string Readme { get; } = File.ReadAllText(Path.Combine(BicepFile.Folder, "README.md"));

    // A call that returns keys, a connection string's key, the providers' prefixes, or 32 characters of hexadecimal or base64 in a row.
    [GeneratedRegex(@"\blist(?:\w*Keys|\w*Sas|Secrets)\(|(?:Account|SharedAccess)Key=|\b(?:[sr]k_(?:test|live)_|whsec_|AIza|shippo_(?:test|live)_|EZ[AT]K)\w{8,}|\b(?=\w*\d)[0-9A-Za-z+]{32,}={0,2}")]
    private static partial Regex KeyLike();

    [GeneratedRegex(@"'([A-Z]\w*__\w+)'")]
    private static partial Regex QuotedSetting();

    [GeneratedRegex(@"\b[A-Z]\w*__\w+\b")]
    private static partial Regex SettingName();

    [GeneratedRegex("Key|Secret|Password|Token")]
    private static partial Regex SaysSecret();
}
