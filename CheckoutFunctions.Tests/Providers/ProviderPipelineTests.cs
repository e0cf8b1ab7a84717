using System.Net;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Providers;

/// <summary>What one provider's trouble with one operation does to its others, and to the host. The operation is the path's only part.</summary>
public sealed class ProviderPipelineTests : IDisposable
{
    private readonly ManualTimeProvider time = new();
    private readonly Acme acme = new();
    private readonly ServiceProvider services;

    public ProviderPipelineTests()
    {
        var settings = new Dictionary<string, string?> { ["Acme:ApiKey"] = "k", ["Acme:MaxConcurrentCalls"] = "8" };
        var collection = new ServiceCollection().AddSingleton<TimeProvider>(time);
        collection.AddProviderClient(
            new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), "Acme", "https://api.acme.test", request => request.RequestUri!.AbsolutePath[1..]);
        collection.AddHttpClient("Acme").ConfigurePrimaryHttpMessageHandler(() => acme);
        services = collection.BuildServiceProvider();
    }

    [Theory]
    [InlineData(ProviderOperations.Record, ProviderOperations.Quote)]
    [InlineData(ProviderOperations.Search, ProviderOperations.Capture)]
    [InlineData(ProviderOperations.Capture, ProviderOperations.Retrieve)]
    public async Task An_operation_that_is_out_of_order_stops_no_other(string broken, string other)
    {
        acme.Broken.Add(broken);
        for (var call = 0; call < ProviderPipeline.MinimumCalls; call++)
            await Fault(broken);

        Assert.EndsWith("not asked, its circuit is open after too many faults.", await Fault(broken), StringComparison.Ordinal);
        await Call(other);
        Assert.Equal(ProviderPipeline.MinimumCalls + 1, acme.Asked);
    }

    [Fact]
    public async Task After_a_break_one_call_probes_and_the_others_are_refused_at_once()
    {
        await Break(ProviderOperations.Quote);
        acme.Hanging.Add(ProviderOperations.Quote);
        time.Advance(ProviderPipeline.Break);
        var probe = Call(ProviderOperations.Quote);
        for (var call = 0; call < 5; call++)
            Assert.Contains("circuit is open", await Fault(ProviderOperations.Quote), StringComparison.Ordinal);

        acme.Hanging.Clear();
        acme.LetGo();
        await probe;
        await Call(ProviderOperations.Quote);
        Assert.Equal(ProviderPipeline.MinimumCalls + 2, acme.Asked);
    }

    [Fact]
    public async Task A_probe_that_fails_opens_the_circuit_again()
    {
        await Break(ProviderOperations.Quote);
        time.Advance(ProviderPipeline.Break);
        Assert.Contains("answered 500", await Fault(ProviderOperations.Quote), StringComparison.Ordinal);

        time.Advance(ProviderPipeline.Break - TimeSpan.FromSeconds(1));
        Assert.Contains("circuit is open", await Fault(ProviderOperations.Quote), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_whose_caller_gives_up_closes_nothing()
    {
        await Break(ProviderOperations.Quote);
        acme.Hanging.Add(ProviderOperations.Quote);
        time.Advance(ProviderPipeline.Break);
        using var caller = new CancellationTokenSource();
        var probe = Call(ProviderOperations.Quote, caller.Token);
        caller.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);

        Assert.Contains("circuit is open", await Fault(ProviderOperations.Quote), StringComparison.Ordinal);
        acme.Broken.Clear();
        acme.Hanging.Clear();
        time.Advance(ProviderPipeline.Break);
        await Call(ProviderOperations.Quote);
    }

    [Fact]
    public async Task A_slow_provider_takes_so_many_places_and_no_more()
    {
        acme.Hanging.Add(ProviderOperations.Quote);
        var calls = Start(ProviderOperations.Quote, 6 + 2);
        Assert.Equal(6, acme.Asked);

        Assert.Equal("Acme quote: not asked, too many of its 8 concurrent calls are under way.", await Fault(ProviderOperations.Quote));
        Assert.Equal(6, acme.Asked);

        acme.Hanging.Clear();
        acme.LetGo();
        await Task.WhenAll(calls);
        Assert.Equal(8, acme.Asked);
        await Call(ProviderOperations.Quote);
    }

    [Theory]
    [InlineData(ProviderOperations.Capture)]
    [InlineData(ProviderOperations.Cancel)]
    [InlineData(ProviderOperations.Refund)]
    [InlineData(ProviderOperations.Retrieve)]
    [InlineData(ProviderOperations.Record)]
    public async Task What_finishes_something_begun_never_waits_behind_quotes_or_confirmations(string finishing)
    {
        acme.Hanging.UnionWith([ProviderOperations.Quote, ProviderOperations.Confirm]);
        var calls = Start(ProviderOperations.Quote, 4).Concat(Start(ProviderOperations.Confirm, 4)).ToList();

        await Call(finishing);

        acme.Hanging.Clear();
        acme.LetGo();
        await Task.WhenAll(calls);
    }

    [Fact]
    public async Task Waiting_for_a_place_is_a_part_of_the_calls_time()
    {
        acme.Hanging.Add(ProviderOperations.Confirm);
        var confirming = Start(ProviderOperations.Confirm, 6);
        time.Advance(TimeSpan.FromSeconds(7));
        acme.Hanging.Add(ProviderOperations.Quote);
        var quote = Call(ProviderOperations.Quote);
        time.Advance(TimeSpan.FromSeconds(1)); // the confirmations are out of time, and the quote gets a place
        await acme.WasAsked(7);
        time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(quote.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("Acme quote: no answer within 2 s.", (await Assert.ThrowsAsync<ProviderException>(() => quote)).Message);
        foreach (var call in confirming)
            await Assert.ThrowsAsync<ProviderException>(() => call);
    }

    [Fact]
    public async Task Who_waits_for_a_place_until_the_time_is_over_was_never_sent()
    {
        acme.Hanging.Add(ProviderOperations.Confirm);
        var confirming = Start(ProviderOperations.Confirm, 6);
        var quote = Call(ProviderOperations.Quote);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("not asked, too many", (await Assert.ThrowsAsync<ProviderException>(() => quote)).Message, StringComparison.Ordinal);
        Assert.Equal(6, acme.Asked);
        acme.LetGo();
        await Task.WhenAll(confirming);
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("3600", 60)]
    [InlineData("Tue, 01 Jan 2030 12:00:20 GMT", 20)]
    [InlineData("Tue, 01 Jan 2036 12:00:20 GMT", 60)]
    public async Task Who_is_told_when_to_come_back_asks_nothing_before(string retryAfter, int seconds)
    {
        acme.ComeBack = (ProviderOperations.Search, retryAfter);
        Assert.Contains("answered 429", await Fault(ProviderOperations.Search), StringComparison.Ordinal);
        Assert.Equal($"Acme quote: not asked, it said to come back at {time.GetUtcNow().AddSeconds(seconds):HH:mm:ss}Z.", await Fault(ProviderOperations.Quote));

        time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        await Fault(ProviderOperations.Search);
        Assert.Equal(1, acme.Asked);

        acme.ComeBack = null;
        time.Advance(TimeSpan.FromSeconds(0.1));
        await Call(ProviderOperations.Search);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("soon")]
    [InlineData("Tue, 01 Jan 2030 11:59:00 GMT")]
    public async Task Without_a_time_that_is_to_come_nobody_waits(string? retryAfter)
    {
        acme.ComeBack = (ProviderOperations.Quote, retryAfter);
        await Fault(ProviderOperations.Quote);
        acme.ComeBack = null;
        await Call(ProviderOperations.Quote);
    }

    [Fact]
    public async Task Setting_the_clock_neither_prolongs_nor_ends_the_quiet()
    {
        acme.ComeBack = (ProviderOperations.Quote, "30");
        await Fault(ProviderOperations.Quote);
        acme.ComeBack = null;
        time.Jump(TimeSpan.FromHours(1));
        Assert.Contains("come back at 13:00:30Z", await Fault(ProviderOperations.Quote), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(30));
        await Call(ProviderOperations.Quote);
    }

    [Fact]
    public async Task A_budget_cuts_calls_short_and_a_share_leaves_the_next_one_its_part()
    {
        acme.Hanging.Add(ProviderOperations.Rates);
        using var all = ProviderBudget.Begin(time, 1000);
        Assert.Equal("Acme rates: no answer within 0.5 s.", await Spent(TimeSpan.FromMilliseconds(500), 2));
        Assert.Equal("Acme rates: no answer within 0.5 s.", await Spent(TimeSpan.FromMilliseconds(500), 1));
        Assert.Equal("Acme rates: no answer within 0.001 s.", await Spent(TimeSpan.FromMilliseconds(1), 1));
        all!.Dispose();
        Assert.Equal("Acme rates: no answer within 2 s.", await Spent(TimeSpan.FromSeconds(2), 1));
    }

    public void Dispose()
    {
        services.Dispose();
        acme.Dispose();
    }

    private async Task<string> Spent(TimeSpan exactly, int among)
    {
        using var share = ProviderBudget.BeginShare(time, among);
        var call = Call(ProviderOperations.Rates);
        time.Advance(exactly - TimeSpan.FromTicks(1));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));
        return (await Assert.ThrowsAsync<ProviderException>(() => call)).Message;
    }

    private async Task Break(string operation)
    {
        acme.Broken.Add(operation);
        for (var call = 0; call < ProviderPipeline.MinimumCalls; call++)
            await Fault(operation);
    }

    private List<Task> Start(string operation, int calls) => [.. Enumerable.Range(0, calls).Select(_ => Call(operation))];

    private async Task Call(string operation, CancellationToken cancellation = default)
    {
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("Acme");
        using var response = await client.GetAsync(new Uri("https://api.acme.test/" + operation), cancellation);
    }

    private async Task<string> Fault(string operation) => (await Assert.ThrowsAsync<ProviderException>(() => Call(operation))).Message;

    /// <summary>A provider whose operations fail, or hang until they are let go, one by one.</summary>
    private sealed class Acme : HttpMessageHandler
    {
        private readonly SemaphoreSlim arrivals = new(0);
        private TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int asked;

        public HashSet<string> Broken { get; } = [];

        public HashSet<string> Hanging { get; } = [];

        public (string Operation, string? RetryAfter)? ComeBack { get; set; }

        public int Asked => asked;

        public void LetGo()
        {
            Broken.Clear();
            Interlocked.Exchange(ref gate, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }

        public async Task WasAsked(int times)
        {
            while (Asked < times)
                await arrivals.WaitAsync();
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            arrivals.Release();
            var operation = request.RequestUri!.AbsolutePath[1..];
            if (Hanging.Contains(operation))
                await gate.Task.WaitAsync(cancellationToken);
            if (ComeBack is { } come && come.Operation == operation)
            {
                var refusal = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
                if (come.RetryAfter is not null)
                    refusal.Headers.TryAddWithoutValidation("Retry-After", come.RetryAfter);
                return refusal;
            }

            return new(Broken.Contains(operation) ? HttpStatusCode.InternalServerError : HttpStatusCode.OK);
        }

        protected override void Dispose(bool disposing)
        {
            arrivals.Dispose();
            base.Dispose(disposing);
        }
    }
}
