using System.Text;
using CheckoutFunctions.Tests.Api;
using CheckoutFunctions.Tests.LocalHost;
using LocalHost;

namespace CheckoutFunctions.Tests.Management;

/// <summary>A host on a free port with <see cref="TestFunctions"/>, and an operator who calls its management API.</summary>
internal sealed class Managed : IAsyncDisposable
{
    public const string Path = "/runtime/webhooks/durabletask";

    private readonly RunningHost host;

    private Managed(RunningHost host) => this.host = host;

    public Uri Api => host.App.Api;

    public static async Task<Managed> Start(HostJson? settings = null) => new(await RunningHost.Of([typeof(TestFunctions), typeof(CatchAll)], host: settings));

    public Task<Reply> Get(string path) => Send(HttpMethod.Get, path);

    public Task<Reply> Post(string path, string? json = null, string type = "application/json") =>
        Send(HttpMethod.Post, path, json is null ? null : new StringContent(json, Encoding.UTF8, type));

    public Task<Reply> Delete(string path) => Send(HttpMethod.Delete, path);

    public async Task<Reply> Send(HttpMethod method, string path, HttpContent? body = null, string? key = RunningHost.Key, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? Path + path : path) { Content = body };
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        if (token is not null)
            request.Headers.Add("x-ms-continuation-token", token);
        return await Reply.Of(await host.Http.SendAsync(request));
    }

    /// <summary>Starts an instance, with a query after its id if need be, and waits until it is as wanted.</summary>
    public async Task<Reply> Run(string function, string id, string? input = null, string until = "Completed")
    {
        (await Post($"/orchestrators/{function}/{id}", input)).Is(202);
        return await Until(id.Split('?')[0], until);
    }

    public Task<Reply> Until(string id, string status) => Until(id, instance => instance.Text("runtimeStatus") == status);

    public async Task<Reply> Until(string id, Func<Reply, bool> wanted)
    {
        for (var look = 0; ; look++)
        {
            var instance = await Get($"/instances/{id}");
            if (instance.Body.Length > 0 && wanted(instance))
                return instance;
            Assert.True(look < 3000, $"The instance never became what was waited for: {instance}");
            await Task.Delay(5);
        }
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
