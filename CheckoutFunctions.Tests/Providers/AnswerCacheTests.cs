using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Tests.Providers;

public sealed class AnswerCacheTests : IDisposable
{
    private readonly ManualTimeProvider time = new();
    private readonly AnswerCache<string> cache;
    private int asked;

    public AnswerCacheTests() => cache = new("A", "quote", TimeSpan.FromMinutes(10), time);

    public void Dispose() => cache.Dispose();

    [Fact]
    public async Task An_answer_is_told_again_until_its_time_is_over()
    {
        Assert.Equal("1", await Ask());
        time.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Equal("1", await Ask());
        time.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Equal("2", await Ask());
    }

    [Fact]
    public async Task Without_time_every_question_is_asked()
    {
        using var none = new AnswerCache<string>("A", "quote", TimeSpan.Zero, time);
        Assert.Equal("1", await Ask(of: none));
        Assert.Equal("2", await Ask(of: none));
    }

    [Fact]
    public async Task Another_question_has_another_answer()
    {
        Assert.Equal("1", await Ask("a"));
        Assert.Equal("2", await Ask("b"));
    }

    [Fact]
    public async Task Equal_questions_at_the_same_time_are_one()
    {
        var provider = new TaskCompletionSource<string>();
        var askers = Enumerable.Range(0, 50).Select(_ => cache.Get("a", _ => Counted(provider.Task), _ => true, CancellationToken.None)).ToList();
        provider.SetResult("one");
        Assert.All(await Task.WhenAll(askers), answer => Assert.Equal("one", answer));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task An_asker_with_a_budget_waits_no_longer_and_the_answer_is_there_for_the_next()
    {
        var provider = new TaskCompletionSource<string>();
        Task<string> hurried;
        using (ProviderBudget.Begin(time, 1000))
            hurried = cache.Get("a", _ => Counted(provider.Task), _ => true, CancellationToken.None);
        var patient = cache.Get("a", _ => Counted(provider.Task), _ => true, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("A quote: no answer within the 1 s that were left.", (await Assert.ThrowsAsync<ProviderException>(() => hurried)).Message);

        provider.SetResult("one");
        Assert.Equal("one", await patient);
        Assert.Equal("one", await Ask("a"));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task What_others_may_wait_for_has_the_time_that_it_takes()
    {
        using var budget = ProviderBudget.Begin(time, 1000);
        var left = TimeSpan.Zero;
        await cache.Get("a", _ => Task.FromResult($"{left = ProviderBudget.Within(TimeSpan.FromSeconds(8))}"), _ => true, CancellationToken.None);
        Assert.Equal(TimeSpan.FromSeconds(8), left);
        Assert.Equal(TimeSpan.FromSeconds(1), ProviderBudget.Within(TimeSpan.FromSeconds(8)));
    }

    [Fact]
    public async Task A_fault_is_told_to_all_who_wait_and_kept_for_nobody()
    {
        var provider = new TaskCompletionSource<string>();
        var askers = Enumerable.Range(0, 3).Select(_ => cache.Get("a", _ => Counted(provider.Task), _ => true, CancellationToken.None)).ToList();
        provider.SetException(new ProviderException("A", "quote", "down"));
        foreach (var asker in askers)
            await Assert.ThrowsAsync<ProviderException>(() => asker);
        Assert.Equal("2", await Ask("a"));
    }

    [Fact]
    public async Task An_answer_that_is_not_to_be_kept_is_asked_for_anew()
    {
        Assert.Equal("1", await Ask(isKept: false));
        Assert.Equal("2", await Ask());
        Assert.Equal("2", await Ask());
    }

    [Fact]
    public async Task An_asker_who_gives_up_leaves_the_others_their_answer()
    {
        using var hasty = new CancellationTokenSource();
        var provider = new TaskCompletionSource<string>();
        var first = cache.Get("a", cancellation => Counted(provider.Task.WaitAsync(cancellation)), _ => true, hasty.Token);
        var second = cache.Get("a", _ => throw new InvalidOperationException("asked twice"), _ => true, CancellationToken.None);
        hasty.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        provider.SetResult("late");
        Assert.Equal("late", await second);
        Assert.Equal("late", await Ask("a"));
    }

    [Fact]
    public async Task It_holds_so_many_answers_at_most()
    {
        for (var i = 0; i < AnswerCache.MostAnswers + 100; i++)
            await Ask($"{i}");
        Assert.InRange(cache.Count, 1, AnswerCache.MostAnswers);
    }

    [Fact]
    public void A_key_tells_questions_apart_field_by_field_and_says_nothing_of_them()
    {
        var address = new Address(null, "12 Analytical Rd", null, "Springfield", "IL", "62701", "US");
        Assert.Equal(AnswerCache.KeyOf(address), AnswerCache.KeyOf(address with { }));
        Assert.NotEqual(AnswerCache.KeyOf(address), AnswerCache.KeyOf(address with { Line1 = "12 Analytical Rd Springfield", City = null }));
        Assert.NotEqual(AnswerCache.KeyOf(address with { Line2 = "" }), AnswerCache.KeyOf(address));
        Assert.DoesNotContain("Analytical", AnswerCache.KeyOf(address), StringComparison.OrdinalIgnoreCase);
    }

    private Task<string> Ask(string key = "a", bool isKept = true, AnswerCache<string>? of = null) =>
        (of ?? cache).Get(key, _ => Task.FromResult($"{++asked}"), _ => isKept, CancellationToken.None);

    private Task<string> Counted(Task<string> answer)
    {
        Interlocked.Increment(ref asked);
        return answer;
    }
}
