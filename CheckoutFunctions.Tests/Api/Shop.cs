using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using CheckoutFunctions.Tests.Providers;
using Dapper;
using LocalHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Tests.Api;

/// <summary>The whole product over HTTP: LocalHost with the checkout's functions and the demo catalog, and the sandbox as its providers.</summary>
public sealed class Shop : IAsyncLifetime, IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("shop-");
    private readonly LogLines log = new();
    private readonly Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Shop:DemoCatalog"] = "true",
        // A busy machine must not look like a provider that is down.
        ["Google:TimeoutSeconds"] = "30",
        ["EasyPost:TimeoutSeconds"] = "30",
        ["Shippo:TimeoutSeconds"] = "30",
        ["TaxJar:TimeoutSeconds"] = "30",
        ["Stripe:TimeoutSeconds"] = "30",
        ["Checkout:RequoteSeconds"] = "30",
    };

    private LocalHostApp? app;
    private HttpClient? http;

    public string Folder => folder.FullName;

    public IEnumerable<string> LogLines => log.Lines;

    public string OperatorKey => app!.OperatorKey;

    public Uri Sandbox => app!.Sandbox!;

    public Providers Providers { get; private set; } = null!;

    /// <summary>How far the shop's clock is ahead of the machine's.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>A shop of its own for one test; settings as <c>Stripe:TimeoutSeconds</c>.</summary>
    public static async Task<Shop> Open(params (string Name, string Value)[] settings)
    {
        var shop = new Shop();
        foreach (var (name, value) in settings)
            shop.settings[name] = value;
        await shop.InitializeAsync();
        return shop;
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    public async Task InitializeAsync()
    {
        var options = new LocalHostOptions
        {
            DataFolder = Folder,
            SandboxPort = 0,
            Host = HostJson.Read(Path.Combine(AppContext.BaseDirectory, "host.json")) with
            {
                LogLevels = new Dictionary<string, LogLevel> { ["default"] = LogLevel.Trace },
            },
            Settings = new ConfigurationBuilder().AddInMemoryCollection(settings).Build(),
        };
        var addServices = options.AddServices;
        app = await LocalHostApp.Start(options with
        {
            AddServices = (services, configuration) =>
            {
                // Every line is kept, and none is printed.
                services.AddLogging(logging => logging.ClearProviders().AddProvider(log));
                addServices(services, configuration);
                services.AddSingleton<TimeProvider>(new Clock(this));
            },
        });
        http = new HttpClient { BaseAddress = app.Api };
        Providers = new Providers(app.Sandbox!);
    }

    public async Task DisposeAsync()
    {
        http?.Dispose();
        Providers?.Dispose();
        if (app is not null)
            await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    public Task<Reply> Send(HttpMethod method, string path, object? body = null, string? secret = null, string? key = null) =>
        Ask(http!, method, path, body is null ? null : JsonContent.Create(body), secret, key);

    /// <summary>Sends these bytes as they are.</summary>
    public Task<Reply> SendRaw(HttpMethod method, string path, string body, string? secret = null) =>
        Ask(http!, method, path, new StringContent(body, Encoding.UTF8, "application/json"), secret, null);

    public Task<Reply> SendRaw(HttpMethod method, string path, HttpContent body, string? secret = null) => Ask(http!, method, path, body, secret, null);

    public Task<Reply> Start(object body, string? key = null) => Send(HttpMethod.Post, "/api/checkout", body, key: key);

    public async Task<Reply> GetIfNoneMatch(Shopper shopper, string etags)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/checkout/{shopper.Id}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shopper.Secret);
        request.Headers.TryAddWithoutValidation("If-None-Match", etags);
        return await Reply.Of(await http!.SendAsync(request));
    }

    public Task<Reply> Operate(string path, object? body = null, string? key = null) => Send(HttpMethod.Post, $"/api/operations/{path}?code={OperatorKey}", body, key: key);

    /// <summary>Changes the catalog, stock or codes behind the checkout's back, as a shopkeeper does.</summary>
    public Task<int> Shopkeep(string sql) => Tell("orders.db", sql);

    /// <summary>Changes a store as time or a process that died does.</summary>
    public async Task<int> Tell(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, file)};Default Timeout=30");
        return await connection.ExecuteAsync(sql);
    }

    public async Task<T?> Ask<T>(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, file)};Default Timeout=30");
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    /// <summary>A buyer with a cart of this.</summary>
    public Task<Shopper> Shopper(string sku = "TEA-100", int quantity = 1) => Api.Shopper.Start(new(Send), sku, quantity);

    /// <summary>A buyer who has only to pay.</summary>
    public async Task<Shopper> ReadyShopper(string sku = "TEA-100", int quantity = 1)
    {
        var shopper = await Shopper(sku, quantity);
        await shopper.GoToPayment();
        return shopper;
    }

    private sealed class Clock(Shop shop) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shop.Ahead;
    }

    internal static async Task<Reply> Ask(HttpClient http, HttpMethod method, string path, HttpContent? body, string? secret, string? key)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (secret is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await Reply.Of(await http.SendAsync(request));
    }
}
