using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Sandbox.Avalara;
using Sandbox.Braintree;
using Sandbox.Calls;
using Sandbox.EasyPost;
using Sandbox.Google;
using Sandbox.Shippo;
using Sandbox.Stripe;
using Sandbox.TaxJar;
using Sandbox.Webhooks;

namespace Sandbox;

/// <summary>The providers' stand-in on a Kestrel of its own. Dispose stops it; what it answered stays on disk.</summary>
public sealed class SandboxApp : IAsyncDisposable
{
    private const long LargestBody = 1024 * 1024;
    private readonly WebApplication app;

    private SandboxApp(WebApplication app) => this.app = app;

    /// <summary>E.g. <c>http://127.0.0.1:7072</c>, without a slash at the end: providers' base URLs begin with it.</summary>
    public string BaseAddress =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<SandboxApp> Start(SandboxOptions options, CancellationToken cancellation = default)
    {
        var app = Create(options);
        try
        {
            await app.StartAsync(cancellation);
            return new SandboxApp(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on Stripe's events go there, signed with that secret.</summary>
    public void SendWebhooks(Uri url, string secret) => app.Services.GetRequiredService<WebhookEndpoint>().SendTo(url, secret);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    // The empty builder: no console lifetime, settings or logging of its own, since the host that embeds it has these.
    private static WebApplication Create(SandboxOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(options.Time);
        builder.Services.AddSingleton(_ => new Database(options.DataFolder));
        builder.Services.AddSingleton<Faults>();
        builder.Services.AddSingleton<Exchange>();
        builder.Services.AddSingleton(_ => new WebhookEndpoint(options.WebhookUrl, options.WebhookSecret));
        builder.Services.AddHostedService<WebhookSender>();
        builder.Services.AddSingleton<StripeEvents>();
        builder.Services.AddSingleton<StripeApi>();
        builder.Services.AddSingleton<IdempotencyKeys>();
        builder.Services.AddSingleton<Settlement>();
        builder.Services.AddSingleton<BraintreeApi>();
        var app = builder.Build();
        app.Services.GetRequiredService<Database>(); // now: a folder that can't be written must not wait for the first call
        app.UseRouting();
        ControlApi.Map(app);
        GoogleApi.Map(app);
        EasyPostApi.Map(app);
        ShippoApi.Map(app);
        TaxJarApi.Map(app);
        AvalaraApi.Map(app);
        app.Services.GetRequiredService<StripeApi>().Map(app);
        app.Services.GetRequiredService<BraintreeApi>().Map(app);
        return app;
    }
}
