using System.Net;
using System.Text;
using CheckoutFunctions.Domain;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Tests.Providers;

/// <summary>What every adapter makes of a provider in trouble. Each port's contract adds what the port promises.</summary>
public abstract class ProviderContract : IDisposable
{
    protected const string Key = "key_nobody_may_see_1";
    private readonly LogLines log = new();
    private readonly Lazy<ServiceProvider> services;

    protected ProviderContract() => services = new(Build);

    protected abstract string Provider { get; }

    /// <summary>The provider's own words for a call that goes well.</summary>
    protected abstract string HappyBody { get; }

    /// <summary>As its API answers a key that it doesn't know.</summary>
    protected abstract (HttpStatusCode Status, string Body) WrongKey { get; }

    private protected FakeProvider Fake { get; } = new();

    private protected ManualTimeProvider Time { get; } = new();

    protected IServiceProvider Services => services.Value;

    /// <summary>Everything that was logged.</summary>
    protected IEnumerable<string> Logged => log.Lines;

    /// <summary>What the provider needs beside its address and <c>ApiKey</c>.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>();

    protected abstract void Add(IServiceCollection services, IConfiguration configuration);

    /// <summary>An ordinary call about Ada, 12 Analytical Rd.</summary>
    protected abstract Task Ask(CancellationToken cancellation);

    [Fact]
    public async Task A_provider_that_does_not_answer_in_time_is_a_fault()
    {
        Fake.Hangs();
        var call = Ask(CancellationToken.None);
        await Fake.Hanging.Task;
        Time.Advance(TimeSpan.FromSeconds(3.01));
        Assert.Contains("no answer within", (await Assert.ThrowsAsync<ProviderException>(() => call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_no_fault_of_the_provider()
    {
        Fake.Hangs();
        using var caller = new CancellationTokenSource();
        var call = Ask(caller.Token);
        await Fake.Hanging.Task;
        caller.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_broken_connection_is_a_fault()
    {
        Fake.Fails();
        await Fault();
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Redirect)]
    public async Task A_status_without_an_answer_is_a_fault(HttpStatusCode status)
    {
        Fake.Answers(status, "{\"error\":{\"code\":\"x\",\"message\":\"try later\"}}");
        Assert.Contains($"answered {(int)status}", (await Fault()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"result\":{},\"tax\":{},\"rates\":null}")]
    [InlineData("{\"result\":")]
    [InlineData("<html><body>Welcome</body></html>")]
    public async Task A_body_that_can_not_be_read_is_a_fault(string body)
    {
        Fake.Answers(HttpStatusCode.OK, body);
        Assert.Contains("can't be read", (await Fault()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_a_fault()
    {
        Fake.Answers(WrongKey.Status, WrongKey.Body);
        Assert.Contains($"answered {(int)WrongKey.Status}", (await Fault()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_that_nobody_knows_are_ignored()
    {
        Fake.Answers(HttpStatusCode.OK, "{\"brand_new\":{\"a\":[1,null]}," + HappyBody.TrimStart()[1..]);
        await Ask(CancellationToken.None);
        Assert.Single(Fake.Requests);
    }

    [Fact]
    public async Task A_fault_is_not_tried_again_here()
    {
        Fake.Answers(HttpStatusCode.ServiceUnavailable, "");
        await Fault();
        Assert.Single(Fake.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Being_told_when_to_come_back_is_a_fault_and_nobody_asks_before(HttpStatusCode status)
    {
        Fake.Answers(status, "{}", retryAfter: "30");
        Assert.Contains($"answered {(int)status}", (await Fault()).Message, StringComparison.Ordinal);
        Fake.Answers(HttpStatusCode.OK, HappyBody);
        Assert.EndsWith("not asked, it said to come back at 12:00:30Z.", (await Fault()).Message, StringComparison.Ordinal);
        Assert.Single(Fake.Requests);

        Time.Advance(TimeSpan.FromSeconds(30));
        await Ask(CancellationToken.None);
        Assert.Equal(2, Fake.Requests.Count);
    }

    [Fact]
    public async Task Neither_the_key_nor_the_buyer_gets_into_a_log_or_a_fault()
    {
        Fake.Answers(HttpStatusCode.InternalServerError, $"{{\"error\":\"bad {Key} for Ada, 12 ANALYTICAL RD, ada@example.com\"}}");
        var fault = await Fault();
        Fake.Answers(HttpStatusCode.OK, HappyBody);
        await Ask(CancellationToken.None);
        var written = fault + string.Join('\n', log.Lines);
        Assert.NotEmpty(log.Lines);
        foreach (var secret in new[] { Key, Convert.ToBase64String(Encoding.ASCII.GetBytes(Key + ":")), "Analytical", "ada@example.com" })
            Assert.DoesNotContain(secret, written, StringComparison.OrdinalIgnoreCase);
    }

    public void Dispose()
    {
        if (services.IsValueCreated)
            services.Value.Dispose();
        Fake.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<ProviderException> Fault()
    {
        var fault = await Assert.ThrowsAsync<ProviderException>(() => Ask(CancellationToken.None));
        Assert.Equal(Provider, fault.Provider);
        return fault;
    }

    private ServiceProvider Build()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{Provider}:BaseUrl"] = "https://provider.test/base",
            [$"{Provider}:ApiKey"] = Key,
            // What is asked here is asked of the provider.
            ["Addresses:CacheMinutes"] = "0",
            ["Shipping:CacheMinutes"] = "0",
            ["Taxes:CacheMinutes"] = "0",
        }).AddInMemoryCollection(Settings).Build();
        var collection = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        Add(collection, configuration);
        collection.AddHttpClient(Provider).ConfigurePrimaryHttpMessageHandler(() => Fake);
        return collection.BuildServiceProvider();
    }
}
