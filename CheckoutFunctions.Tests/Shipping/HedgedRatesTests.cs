using CheckoutFunctions.Domain;
using CheckoutFunctions.Shipping;
using Microsoft.Extensions.Logging.Abstractions;
using Simulation;

namespace CheckoutFunctions.Tests.Shipping;

/// <summary>Two providers side by side, one of which may take its time. The budget is 100 s and the grace 10, so that it is plain which of them ends a wait.</summary>
public sealed class HedgedRatesTests
{
    private static readonly RateRequest Parcel = new(new ShopOptions().ShipFrom, new(null, "1 Main St", null, "Springfield", "IL", "62701", "US"), 500, "USD");

    private readonly ManualTimeProvider time = new();
    private readonly DateTimeOffset started;
    private readonly Carrier a = new("A");
    private readonly Carrier b = new("B");

    public HedgedRatesTests() => started = time.GetUtcNow();

    [Fact]
    public async Task A_slow_provider_is_given_up_soon_after_the_other_has_answered_and_its_call_is_cancelled()
    {
        a.Answers(900);
        var answers = await Ask();
        Assert.Equal(["A", "B"], answers.Select(answer => answer.Provider));
        Assert.Equal(900, answers[0].Quote!.Rates.Single().Cost);
        Assert.Contains("no answer within", answers[1].Fault!.Message, StringComparison.Ordinal);
        Assert.True(b.WasCancelled);
        Assert.InRange(time.GetUtcNow() - started, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(99));
    }

    [Fact]
    public async Task One_that_answers_within_the_grace_is_waited_for()
    {
        a.Answers(900);
        var call = Call();
        time.Advance(TimeSpan.FromSeconds(9));
        b.Answers(850);
        Assert.Equal([900, 850], (await call).Select(answer => answer.Quote!.Rates.Single().Cost));
    }

    [Fact]
    public async Task Whoever_is_first_starts_the_grace()
    {
        b.Answers(850);
        var answers = await Ask();
        Assert.True(answers[0].Fault is not null && answers[1].Quote is not null && a.WasCancelled);
        Assert.True(time.GetUtcNow() - started < TimeSpan.FromSeconds(99));
    }

    [Fact]
    public async Task A_fault_or_an_empty_answer_hurries_nobody()
    {
        a.Fails();
        var call = Call();
        time.Advance(TimeSpan.FromSeconds(99));
        b.Answers(850);
        Assert.Equal(850, (await call)[1].Quote!.Rates.Single().Cost);

        var (empty, slow) = (new Carrier("A"), new Carrier("B"));
        empty.Answers();
        call = Call(empty, slow);
        time.Advance(TimeSpan.FromSeconds(99));
        slow.Answers(850);
        Assert.Equal(850, (await call)[1].Quote!.Rates.Single().Cost);
    }

    [Fact]
    public async Task Nobody_is_waited_for_beyond_the_budget()
    {
        var answers = await Ask();
        Assert.All(answers, answer => Assert.NotNull(answer.Fault));
        Assert.True(a.WasCancelled && b.WasCancelled);
        Assert.InRange(time.GetUtcNow() - started, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(1000));
    }

    [Fact]
    public async Task The_grace_does_not_prolong_the_budget()
    {
        var call = Call();
        time.Advance(TimeSpan.FromSeconds(95));
        a.Answers(900);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull((await call)[1].Fault);
    }

    [Fact]
    public async Task A_provider_alone_has_its_own_time_out()
    {
        var call = Call(a);
        time.Advance(TimeSpan.FromSeconds(101));
        a.Answers(900);
        Assert.Equal(900, (await call).Single().Quote!.Rates.Single().Cost);
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_no_answer()
    {
        using var caller = new CancellationTokenSource();
        var call = Rates(a, b).Ask(Parcel, caller.Token);
        caller.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private Task<IReadOnlyList<ProviderQuote>> Ask() => Moments.Pass(time, Call(), TimeSpan.FromSeconds(1));

    private Task<IReadOnlyList<ProviderQuote>> Call(params Carrier[] carriers) => Rates(carriers.Length > 0 ? carriers : [a, b]).Ask(Parcel, default);

    private HedgedRates Rates(params Carrier[] carriers) => new(
        carriers, new() { Budget = TimeSpan.FromSeconds(100), Hedge = TimeSpan.FromSeconds(10) }, time, NullLogger<HedgedRates>.Instance);

    private sealed class Carrier(string name) : IRateProvider
    {
        private readonly TaskCompletionSource<RateQuote> answer = new();

        public string Name => name;

        public bool WasCancelled { get; private set; }

        public void Answers(params long[] costs) => answer.SetResult(new([.. costs.Select(cost => ShippingActivitiesTests.Rate("UPS_Ground", cost, name.ToLowerInvariant()))], []));

        public void Fails() => answer.SetException(new ProviderException(name, "rates", "down"));

        public async Task<RateQuote> Quote(RateRequest request, CancellationToken cancellation)
        {
            try
            {
                return await answer.Task.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                WasCancelled = true;
                throw;
            }
        }
    }
}
