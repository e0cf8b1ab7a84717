using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Sandbox;

namespace CheckoutFunctions.Tests.Api;

/// <summary>LocalHost as a process of its own, which can be killed; the providers live on outside of it, as real ones do.</summary>
public sealed class ShopProcess : IAsyncDisposable
{
    public const string OperatorKey = "the-operators-key";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("killed-");
    private readonly SandboxApp sandbox;
    private readonly HttpClient http = new();
    private readonly ConcurrentQueue<string> lines = new();
    private Process? process;
    private Uri? api;

    private ShopProcess(SandboxApp sandbox, string? data)
    {
        this.sandbox = sandbox;
        Providers = new Providers(new Uri(sandbox.BaseAddress));
        Data = data ?? Path.Combine(folder.FullName, "data");
    }

    public Providers Providers { get; }

    /// <summary>Where it keeps its SQLite files.</summary>
    public string Data { get; }

    /// <summary>What it has printed and logged.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public static async Task<ShopProcess> Start(string? data = null)
    {
        var shop = new ShopProcess(await SandboxApp.Start(new SandboxOptions { Port = 0 }), data);
        await shop.Run();
        return shop;
    }

    public async Task<Shopper> ReadyShopper(string sku = "TEA-100")
    {
        var shopper = await Shopper.Start(Send, sku, 1);
        await shopper.GoToPayment();
        return shopper;
    }

    /// <summary>kill -9, then a new process on the same data folder.</summary>
    public async Task KillAndRestart()
    {
        Assert.False(process!.HasExited, "The process ended by itself.");
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        await Run();
    }

    /// <summary>As service managers stop it or, with INT, Ctrl-C.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Stop(string signalName = "TERM")
    {
        using (var signal = Process.Start("kill", [$"-{signalName}", process!.Id.ToString(CultureInfo.InvariantCulture)]))
            await signal.WaitForExitAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // E.g. where the tests themselves were started with that signal ignored, which children inherit.
            Assert.Fail($"The process is still there a minute after SIG{signalName}.");
        }

        return process.ExitCode;
    }

    /// <summary>A new process on the data folder of one that was stopped.</summary>
    public Task StartAgain()
    {
        process!.Dispose();
        return Run();
    }

    public Task<Reply> Send(HttpMethod method, string path, object? body, string? secret, string? key) =>
        Shop.Ask(http, method, new Uri(api!, path).AbsoluteUri, body is null ? null : JsonContent.Create(body), secret, key);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Providers.Dispose();
        await sandbox.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task Run()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "LocalHost.dll")])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
        };
        start.Environment["LocalHost__Port"] = "0";
        start.Environment["LocalHost__Data"] = Data;
        start.Environment["LocalHost__OperatorKey"] = OperatorKey;
        start.Environment["Sandbox__Port"] = "0";
        start.Environment["Shop__DemoCatalog"] = "true";
        foreach (var provider in new[] { "Google", "EasyPost", "TaxJar", "Stripe" })
        {
            start.Environment[$"{provider}__BaseUrl"] = $"{sandbox.BaseAddress}/{provider.ToLowerInvariant()}";
            start.Environment[$"{provider}__TimeoutSeconds"] = "30"; // the kill comes first, however busy the machine is
        }

        process = Process.Start(start)!;
        api = await Api(process.StandardOutput);
        _ = Keep(process.StandardOutput); // a full pipe would stop the process
    }

    private async Task Keep(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
            lines.Enqueue(line);
    }

    /// <summary>Where the process says that its API is.</summary>
    private static async Task<Uri> Api(StreamReader output)
    {
        var said = new List<string>();
        while (await output.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (line.TrimStart().StartsWith("API ", StringComparison.Ordinal))
                return new Uri(new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Trim()), "/");
        }

        throw new InvalidOperationException($"LocalHost ended without saying where it is: {string.Join('\n', said)}");
    }
}
