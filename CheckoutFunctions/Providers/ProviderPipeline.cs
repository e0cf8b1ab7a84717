using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace CheckoutFunctions.Providers;

/// <summary>
/// A provider's circuit breaker around a time-out for each attempt. No retries: the orchestration owns them.
/// One per provider for the app's life, so that the breaker remembers. After a break one call goes through as the probe.
/// </summary>
internal sealed class ProviderPipeline(ProviderOptions options, TimeProvider time)
{
    /// <summary>Few enough to spare a dead provider, too many for one checkout's retries to reach alone.</summary>
    internal const int MinimumCalls = 10;

    internal static readonly TimeSpan Break = TimeSpan.FromSeconds(10);

    private readonly ResiliencePipeline<HttpResponseMessage> pipeline = Build(options, time);

    public async Task<HttpResponseMessage> Run(string operation, Func<CancellationToken, Task<HttpResponseMessage>> attempt, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(operation, continueOnCapturedContext: false, cancellation);
        try
        {
            return await pipeline.ExecuteAsync(static async (context, attempt) => await attempt(context.CancellationToken), context, attempt);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    internal static bool IsFault(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private static ResiliencePipeline<HttpResponseMessage> Build(ProviderOptions options, TimeProvider time) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.5,
                MinimumThroughput = MinimumCalls,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = Break,
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>()
                    .Handle<TimeoutRejectedException>()
                    .HandleResult(response => IsFault(response.StatusCode)),
            })
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = arguments => new(options.TimeoutOf(arguments.Context.OperationKey!)),
            })
            .Build();
}
