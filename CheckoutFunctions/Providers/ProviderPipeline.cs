using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using CheckoutFunctions.Domain;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace CheckoutFunctions.Providers;

/// <summary>
/// What stands before every call on a provider: its quiet time, its bulkhead, and for each operation a circuit breaker around a time-out. No retries:
/// the orchestration owns them. One per provider for the app's life, so that it remembers. Each operation breaks alone, because one that is out of
/// order says nothing about the others; after a break one call goes through as the probe.
/// </summary>
internal sealed class ProviderPipeline(ProviderOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Few enough to spare a dead provider, too many for one checkout's retries to reach alone.</summary>
    internal const int MinimumCalls = 10;

    internal static readonly TimeSpan Break = TimeSpan.FromSeconds(10);

    private static readonly ResiliencePropertyKey<TimeSpan> Left = new("left");

    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> operations = new(StringComparer.Ordinal);
    private readonly Bulkhead bulkhead = new(options.MaxConcurrentCalls, time);
    private readonly QuietTime quiet = new(time);

    public async Task<HttpResponseMessage> Run(string operation, Func<CancellationToken, Task<HttpResponseMessage>> attempt, CancellationToken cancellation)
    {
        if (quiet.Until is { } until)
            throw NotAsked(operation, string.Create(CultureInfo.InvariantCulture, $"it said to come back at {until.UtcDateTime:HH:mm:ss}Z."));

        var (timeout, begun) = (ProviderBudget.Within(options.TimeoutOf(operation)), time.GetTimestamp());
        using var place = await bulkhead.Enter(operation, timeout, cancellation)
            ?? throw NotAsked(operation, string.Create(CultureInfo.InvariantCulture, $"too many of its {options.MaxConcurrentCalls} concurrent calls are under way."));
        var context = ResilienceContextPool.Shared.Get(operation, continueOnCapturedContext: false, cancellation);
        try
        {
            // Waiting for a place is a part of the call's time. Polly takes no time at all for no limit.
            var left = timeout - time.GetElapsedTime(begun);
            context.Properties.Set(Left, left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1));
            var response = await operations.GetOrAdd(operation, _ => Build(time)).ExecuteAsync(static async (context, attempt) => await attempt(context.CancellationToken), context, attempt);
            quiet.Hear(response);
            return response;
        }
        catch (TimeoutRejectedException e)
        {
            throw new ProviderException(options.Name, operation, string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.###} s."), e);
        }
        catch (BrokenCircuitException e)
        {
            throw NotAsked(operation, "its circuit is open after too many faults.", e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    public void Dispose() => bulkhead.Dispose();

    internal static bool IsFault(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private ProviderException NotAsked(string operation, string why, Exception? inner = null) => new(options.Name, operation, $"not asked, {why}", inner);

    private static ResiliencePipeline<HttpResponseMessage> Build(TimeProvider time)
    {
        var circuit = new CircuitBreakerStateProvider();
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.5,
                MinimumThroughput = MinimumCalls,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = Break,
                StateProvider = circuit,
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>()
                    .Handle<TimeoutRejectedException>()
                    .Handle<OperationCanceledException>(_ => circuit.CircuitState == CircuitState.HalfOpen) // a probe that nobody waited for has shown nothing
                    .HandleResult(response => IsFault(response.StatusCode)),
            })
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = static arguments => new(arguments.Context.Properties.GetValue(Left, TimeSpan.Zero)),
            })
            .Build();
    }
}
