using System.Net;
using CheckoutFunctions.Tests.Fidelity;
using LocalHost;
using LocalHost.Engine;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Tests.LocalHost;

public sealed class SettingsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("settings-");

    [Fact]
    public void The_environment_wins_over_local_settings_and_double_underscores_are_colons()
    {
        var file = Write("local.settings.json", """{ "IsEncrypted": false, "Values": { "LhTest__Both": "file", "LhTest__File": "file", "Other:Colon": "file" } }""");
        Environment.SetEnvironmentVariable("LhTest__Both", "environment");
        try
        {
            var settings = Settings.Load(file);

            Assert.Equal("environment", settings["LhTest:Both"]);
            Assert.Equal("file", settings["LhTest:File"]);
            Assert.Equal("file", settings["Other:Colon"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("LhTest__Both", null);
        }
    }

    [Fact]
    public void Unset_settings_have_their_defaults()
    {
        var options = LocalHostOptions.From(Of(), new HostJson());

        Assert.Equal((".localhost", 7071, (int?)7072, IPAddress.Loopback), (options.DataFolder, options.Port, options.SandboxPort, options.Address));
    }

    [Fact]
    public void Settings_choose_ports_address_and_folder()
    {
        var options = LocalHostOptions.From(
            Of(("LocalHost:Port", "0"), ("Sandbox:Port", "0"), ("LocalHost:Data", "elsewhere"), ("LocalHost:Address", "0.0.0.0")), new HostJson());

        Assert.Equal(("elsewhere", 0, (int?)null, IPAddress.Any), (options.DataFolder, options.Port, options.SandboxPort, options.Address));
    }

    [Theory]
    [InlineData("LocalHost:Port", "many", "LocalHost__Port")]
    [InlineData("Sandbox:Port", "70000", "Sandbox__Port")]
    [InlineData("LocalHost:Address", "here", "LocalHost__Address")]
    public void A_setting_that_makes_no_sense_is_named(string key, string value, string named)
    {
        var refusal = Assert.Throws<LocalHostException>(() => LocalHostOptions.From(Of((key, value)), new HostJson()));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Host_json_is_followed_and_has_the_Functions_host_s_defaults()
    {
        var path = Write("host.json", """
            { "logging": { "logLevel": { "default": "Warning", "Function": "Information" } },
              "extensions": { "http": { "routePrefix": "" }, "queues": { "maxDequeueCount": 3, "visibilityTimeout": "00:00:10", "batchSize": 4, "newBatchThreshold": 0, "messageEncoding": "none" } } }
            """);

        var host = HostJson.Read(path);
        var bare = HostJson.Read(Write("bare.json", """{ "version": "2.0" }"""));

        Assert.Equal(("", 3, TimeSpan.FromSeconds(10)), (host.RoutePrefix, host.MaxDequeueCount, host.VisibilityTimeout));
        Assert.Equal(LogLevel.Information, host.LogLevels["Function"]);
        Assert.Equal(("api", 5, TimeSpan.Zero), (bare.RoutePrefix, bare.MaxDequeueCount, bare.VisibilityTimeout));
        Assert.Equal((4, 0, false), (host.BatchSize, host.NewBatchThreshold, host.MessagesAreBase64));
        Assert.Equal((16, null, true), (bare.BatchSize, bare.NewBatchThreshold, bare.MessagesAreBase64));
    }

    [Theory]
    [InlineData("batchSize", "33")]
    [InlineData("maxDequeueCount", "0")]
    [InlineData("newBatchThreshold", "-1")]
    [InlineData("messageEncoding", "utf8")]
    public void A_queue_setting_of_host_json_that_makes_no_sense_is_named(string name, string value)
    {
        var path = Write("host.json", $$"""{ "extensions": { "queues": { "{{name}}": "{{value}}" } } }""");

        var refusal = Assert.Throws<LocalHostException>(() => HostJson.Read(path));

        Assert.Contains($"extensions.queues.{name} is '{value}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Behaviour("18.1", "18.3")]
    public void The_default_version_and_its_match_strategy_are_read_from_host_json()
    {
        var host = HostJson.Read(Write("host.json", """{ "extensions": { "durableTask": { "defaultVersion": "2.0", "versionMatchStrategy": "strict" } } }"""));
        var bare = HostJson.Read(Write("bare.json", """{ "version": "2.0" }"""));

        Assert.Equal(new Versioning("2.0", VersionMatch.Strict), host.Versions);
        Assert.Equal(new Versioning(null, VersionMatch.CurrentOrOlder), bare.Versions);
    }

    [Fact]
    public async Task The_app_sees_its_settings_and_those_that_the_host_adds()
    {
        var options = RunningHost.Options(folder.FullName, [typeof(Reader)]) with { Settings = Of(("Mine", "yes"), ("Orders:ConnectionString", "Host=db")) };
        await using var host = await LocalHostApp.Start(options);
        using var http = new HttpClient { BaseAddress = host.Api };

        Assert.Equal($"yes|Host=db||{folder.FullName}", await http.GetStringAsync("/Read"));
    }

    [Fact]
    public async Task Providers_without_a_base_URL_are_the_sandbox_s_which_the_host_starts()
    {
        var options = RunningHost.Options(folder.FullName, [typeof(Reader)]) with
        {
            SandboxPort = 0,
            Settings = Of(("Stripe:BaseUrl", "https://api.stripe.com"), ("Google:BaseUrl", "")),
        };
        await using var host = await LocalHostApp.Start(options);
        using var http = new HttpClient { BaseAddress = host.Api };

        Assert.Equal($"{host.Sandbox}google {host.Sandbox}taxjar https://api.stripe.com", await http.GetStringAsync("/Providers"));
        Assert.Contains("payments", await http.GetStringAsync(new Uri(host.Sandbox!, "_sandbox/ledger")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder.FullName, "sandbox.db")));
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    private static IConfiguration Of(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public sealed class Reader(IConfiguration settings)
    {
        [Function("Providers")]
        public IResult Providers([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
            Results.Text($"{settings["Google:BaseUrl"]} {settings["TaxJar:BaseUrl"]} {settings["Stripe:BaseUrl"]}");

        [Function("Read")]
        public IResult Read([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text(
            $"{settings["Mine"]}|{settings["Orders:ConnectionString"]}|{settings["Sessions:ConnectionString"]}|{settings["Data:Folder"]}");
    }
}
