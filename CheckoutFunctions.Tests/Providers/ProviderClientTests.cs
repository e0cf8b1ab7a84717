using System.Net;
using System.Net.Sockets;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Providers;

/// <summary>The client that an SDK gets by name: the same time-outs, breaker and faults as the adapters'.</summary>
public sealed class ProviderClientTests : IDisposable
{
    private readonly FakeProvider fake = new();
    private readonly ManualTimeProvider time = new();
    private readonly ServiceProvider services;

    public ProviderClientTests()
    {
        var collection = new ServiceCollection().AddSingleton<TimeProvider>(time);
        AddAcme(collection, "https://api.acme.test");
        collection.AddHttpClient("Acme").ConfigurePrimaryHttpMessageHandler(() => fake);
        services = collection.BuildServiceProvider();
    }

    [Fact]
    public async Task The_operation_comes_from_the_path_and_picks_the_time_out()
    {
        fake.Hangs();
        var call = Get("/v1/payments/1/confirm");
        await fake.Hanging.Task;
        time.Advance(TimeSpan.FromSeconds(7.9));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        var fault = await Assert.ThrowsAsync<ProviderException>(() => call);
        Assert.Equal("Acme confirm: no answer within 8 s.", fault.Message);
        Assert.Equal("confirm", fault.Operation);
    }

    [Fact]
    public async Task A_body_that_never_ends_is_out_of_time_too()
    {
        var body = new EndlessBody();
        fake.AnswersWith(() => body);
        var call = Get("/v1/payments");
        await body.Reading.Task;
        time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Contains("no answer within 2 s", (await Assert.ThrowsAsync<ProviderException>(() => call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_provider_is_left_alone_and_then_probed_by_one_call()
    {
        await Fail(ProviderPipeline.MinimumCalls);
        var refused = await Assert.ThrowsAsync<ProviderException>(() => Get("/"));
        Assert.Contains("circuit is open", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ProviderPipeline.MinimumCalls, fake.Requests.Count);

        time.Advance(ProviderPipeline.Break);
        fake.Hangs();
        var probe = Get("/");
        await fake.Hanging.Task;
        await Assert.ThrowsAsync<ProviderException>(() => Get("/"));
        Assert.Equal(ProviderPipeline.MinimumCalls + 1, fake.Requests.Count);
        time.Advance(TimeSpan.FromSeconds(3.1));
        await Assert.ThrowsAsync<ProviderException>(() => probe);

        time.Advance(ProviderPipeline.Break);
        fake.Answers(HttpStatusCode.OK, "{}");
        await Get("/");
        await Get("/");
        Assert.Equal(ProviderPipeline.MinimumCalls + 3, fake.Requests.Count);
    }

    [Fact]
    public async Task A_few_faults_or_any_number_of_refusals_leave_the_circuit_closed()
    {
        await Fail(ProviderPipeline.MinimumCalls - 1);
        time.Advance(TimeSpan.FromMinutes(1));
        fake.Answers(HttpStatusCode.PaymentRequired, "{}");
        for (var i = 0; i < 2 * ProviderPipeline.MinimumCalls; i++)
            Assert.Equal(HttpStatusCode.PaymentRequired, (await Get("/")).StatusCode);
    }

    [Fact]
    public async Task Nobody_listening_is_a_fault()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        var collection = new ServiceCollection();
        AddAcme(collection, url);
        using var real = collection.BuildServiceProvider();
        var http = real.GetRequiredKeyedService<ProviderHttp>("Acme");
        using var request = http.Request(HttpMethod.Get, "/");
        var fault = await Assert.ThrowsAsync<ProviderException>(() => http.Send("verify", request, CancellationToken.None));
        Assert.Equal("Acme verify: connection failed (ConnectionError).", fault.Message);
    }

    public void Dispose()
    {
        services.Dispose();
        fake.Dispose();
    }

    private static void AddAcme(IServiceCollection collection, string url) => collection.AddProviderClient(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Acme:ApiKey"] = "k", ["Acme:BaseUrl"] = url }).Build(),
        "Acme",
        url,
        request => request.RequestUri!.AbsolutePath.EndsWith("/confirm", StringComparison.Ordinal) ? "confirm" : "create");

    private Task<HttpResponseMessage> Get(string path) =>
        services.GetRequiredService<IHttpClientFactory>().CreateClient("Acme").GetAsync(new Uri("https://api.acme.test" + path));

    private async Task Fail(int times)
    {
        fake.Answers(HttpStatusCode.InternalServerError, "");
        for (var i = 0; i < times; i++)
            await Assert.ThrowsAsync<ProviderException>(() => Get("/"));
    }

    private sealed class EndlessBody : HttpContent
    {
        public TaskCompletionSource Reading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellation)
        {
            Reading.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
