using CheckoutFunctions.Database;
using CheckoutFunctions.Emails;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Emails;

public sealed class EmailServicesTests
{
    [Fact]
    public void Without_a_mail_server_mails_go_to_files()
    {
        using var services = Build(("Data:Folder", Path.GetTempPath()));

        Assert.IsType<FolderMailer>(services.GetRequiredService<IMailer>());
    }

    [Fact]
    public void With_one_they_go_there()
    {
        using var services = Build(("Smtp:Host", "mail.example"), ("Smtp:From", "orders@tea.example"), ("Smtp:Username", "shop"), ("Smtp:Password", "pass"));

        Assert.IsType<SmtpMailer>(services.GetRequiredService<IMailer>());
    }

    [Fact]
    public void On_Azure_a_mail_server_must_be_named()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Build(("WEBSITE_INSTANCE_ID", "abc")));

        Assert.StartsWith("Smtp__Host is not set", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Port", "0", "The setting Smtp__Port must be a whole number from 1 to 65535.")]
    [InlineData("Port", "smtp", "The setting Smtp__Port must be a whole number from 1 to 65535.")]
    [InlineData("TimeoutSeconds", "60", "The setting Smtp__TimeoutSeconds must be a whole number from 1 to 20.")]
    [InlineData("StartTls", "yes", "The setting Smtp__StartTls must be true or false.")]
    [InlineData("StartTls", "false", "With Smtp__StartTls=false the Smtp__Password would go over the network in the clear.")]
    [InlineData("Username", "", "The settings Smtp__Username and Smtp__Password go together: set both or neither.")]
    [InlineData("Password", "", "The settings Smtp__Username and Smtp__Password go together: set both or neither.")]
    [InlineData("Password", "@Microsoft.KeyVault(SecretUri=x)", "The setting Smtp__Password is a Key Vault reference that wasn't resolved: is it in the vault, and may the app read it?")]
    [InlineData("From", "", "The setting Smtp__From is missing: in whose name does the shop send e-mails?")]
    [InlineData("From", "the shop", "The setting Smtp__From must be an e-mail address such as orders@shop.example.")]
    [InlineData("From", "a@b.example\r\nBcc: c@d.example", "The setting Smtp__From must be an e-mail address such as orders@shop.example.")]
    public void A_setting_that_is_wrong_stops_the_start_with_a_sentence(string name, string value, string sentence)
    {
        var settings = new Dictionary<string, string>
        {
            ["Host"] = "mail.example",
            ["From"] = "Tea shop <orders@tea.example>",
            ["Username"] = "shop",
            ["Password"] = "pass",
        };
        settings[name] = value;

        var refused = Assert.Throws<InvalidOperationException>(() => Build([.. settings.Select(setting => ($"Smtp:{setting.Key}", setting.Value))]));

        Assert.Equal(sentence, refused.Message);
    }

    private static ServiceProvider Build(params (string Key, string Value)[] settings) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(_ => new ShopDatabase("Data Source=:memory:"))
        .AddEmails(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build())
        .BuildServiceProvider();
}
