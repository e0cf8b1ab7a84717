using System.Net;
using LocalHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.LocalHost;

/// <summary>A LocalHost on a free port and a folder of its own, running functions that a test declares.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    public const string Key = "operator-key";

    private readonly DirectoryInfo folder;

    private RunningHost(DirectoryInfo folder, LocalHostApp app)
    {
        this.folder = folder;
        App = app;
        Http = new HttpClient { BaseAddress = app.Api };
    }

    public LocalHostApp App { get; }

    public HttpClient Http { get; }

    public static Task<RunningHost> Of(Type functions, Action<IServiceCollection>? services = null, HostJson? host = null) =>
        Of([functions], services, host);

    public static async Task<RunningHost> Of(Type[] functions, Action<IServiceCollection>? services = null, HostJson? host = null)
    {
        var folder = Directory.CreateTempSubdirectory("localhost-");
        try
        {
            return new RunningHost(folder, await LocalHostApp.Start(Options(folder.FullName, functions, services, host)));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public static LocalHostOptions Options(
        string folder, Type[] functions, Action<IServiceCollection>? services = null, HostJson? host = null) => new()
        {
            DataFolder = folder,
            OperatorKey = Key,
            Host = host ?? new HostJson { RoutePrefix = "" },
            FunctionTypes = functions,
            AddServices = (collection, _) => services?.Invoke(collection),
        };

    public async Task<string> Get(string path)
    {
        using var response = await Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>The status of an answer that must have no body.</summary>
    public async Task<HttpStatusCode> StatusOf(HttpMethod method, string path, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        using var response = await Http.SendAsync(request);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }
}
