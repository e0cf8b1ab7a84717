using System.Net;
using System.Net.Sockets;
using LocalHost.Functions;
using LocalHost.HttpTriggers;
using LocalHost.Management;
using LocalHost.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandbox;

namespace LocalHost;

/// <summary>A running host: the functions of an app, served over HTTP, with everything they keep in one data folder.</summary>
public sealed class LocalHostApp : IAsyncDisposable
{
    private readonly DataFolder data;
    private readonly SandboxApp? sandbox;
    private readonly WebApplication app;

    private LocalHostApp(DataFolder data, SandboxApp? sandbox, WebApplication app)
    {
        this.data = data;
        this.sandbox = sandbox;
        this.app = app;
        Api = new Uri(app.Urls.First().Replace("0.0.0.0", "127.0.0.1").Replace("[::]", "127.0.0.1"));
    }

    public Uri Api { get; }

    /// <summary>Null: none was started.</summary>
    public Uri? Sandbox => UriOf(sandbox);

    public string OperatorKey => Services.GetRequiredService<OperatorKey>().Value;

    public string DataFolder => data.Path;

    public IServiceProvider Services => app.Services;

    /// <summary>Starts a host, or throws <see cref="LocalHostException"/> with the reason why it can't.</summary>
    public static async Task<LocalHostApp> Start(LocalHostOptions options)
    {
        var data = LocalHost.DataFolder.Hold(options.DataFolder);
        SandboxApp? sandbox = null;
        try
        {
            DatabaseCheck.Hold(data, TimeProvider.System);
            sandbox = await StartSandbox(options, data);
            var host = new LocalHostApp(data, sandbox, await StartApi(options, data, UriOf(sandbox)));
            host.ReceiveWebhooks(options.Settings["Sandbox:WebhookUrl"]);
            return host;
        }
        catch
        {
            await Stop(sandbox);
            data.Dispose();
            throw;
        }
    }

    /// <summary>Runs until Ctrl-C or a termination signal, then lets what is under way finish, for at most 10 s.</summary>
    public Task WaitForShutdown() => app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await Stop(sandbox);
        data.Dispose();
    }

    /// <summary>Only now: before the start nobody knows the port.</summary>
    private void ReceiveWebhooks(string? url)
    {
        var secret = Services.GetRequiredService<IConfiguration>()[HostSettings.WebhookSecret];
        if (sandbox is not null && secret is { Length: > 0 })
            sandbox.SendWebhooks(url is { Length: > 0 } ? new Uri(url) : new Uri(Api, "api/webhooks/stripe"), secret.Split(',')[0].Trim());
    }

    private static Uri? UriOf(SandboxApp? sandbox) => sandbox is null ? null : new Uri(sandbox.BaseAddress);

    private static ValueTask Stop(SandboxApp? sandbox) => sandbox?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<SandboxApp?> StartSandbox(LocalHostOptions options, DataFolder data)
    {
        try
        {
            return options.SandboxPort is { } port ? await SandboxApp.Start(new SandboxOptions { Port = port, DataFolder = data.Path }) : null;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new LocalHostException($"Port {options.SandboxPort} is taken: set Sandbox__Port to another one, or to 0 to do without the sandbox.");
        }
        catch (SocketException refused)
        {
            throw new LocalHostException(
                $"The sandbox can't listen on port {options.SandboxPort} ({refused.Message}): set Sandbox__Port to one that this user may use.");
        }
    }

    private static async Task<WebApplication> StartApi(LocalHostOptions options, DataFolder data, Uri? sandbox)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddConfiguration(options.Settings);
        builder.Configuration.AddInMemoryCollection(HostSettings.For(options.Settings, data, sandbox));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port);
        });
        AddLogging(builder.Logging, options.Host);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddLocalHost(options, data);
        AddApp(builder, options);

        var app = builder.Build();
        try
        {
            var health = app.Services.GetRequiredService<StoreHealth>();
            app.Use((HttpContext http, RequestDelegate next) => health.IsDamaged ? StoreAnswers.Write(http) : next(http));
            ((IApplicationBuilder)app).Map(ManagementApi.Path, management => management.Run(app.Services.GetRequiredService<ManagementApi>().Answer));
            app.Run(app.Services.GetRequiredService<HttpFunctions>().Answer);
            await app.StartAsync();
            return app;
        }
        catch (Exception exception)
        {
            await app.DisposeAsync();
            if (exception is IOException { InnerException: AddressInUseException })
                throw new LocalHostException($"Port {options.Port} is taken: set LocalHost__Port to another one, or to 0 for any that is free.");
            if (exception is SocketException)
                throw new LocalHostException(
                    $"LocalHost can't listen on {new IPEndPoint(options.Address, options.Port)} ({exception.Message}): "
                    + "set LocalHost__Address to an address of this machine, and LocalHost__Port to a port that this user may use.");
            if (exception is SqliteException)
                throw new LocalHostException($"A database in {data.Path} can't be used ({exception.Message}): see that the disk works and has room.", exception);
            if (exception is InvalidOperationException)
                throw new LocalHostException(exception.Message, exception);
            throw;
        }
    }

    private static void AddApp(WebApplicationBuilder builder, LocalHostOptions options)
    {
        try
        {
            options.AddServices(builder.Services, builder.Configuration);
        }
        catch (InvalidOperationException exception)
        {
            // A setting that the app can't start with.
            throw new LocalHostException(exception.Message);
        }
    }

    private static void AddLogging(ILoggingBuilder logging, HostJson host)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH':'mm':'ss'Z '";
        }).SetMinimumLevel(LogLevel.Warning);
        // Why a start fails is said once, in a sentence.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        foreach (var (category, level) in host.LogLevels)
            logging.AddFilter(category == "default" ? null : category, level);
    }
}
