using System.Collections.Concurrent;
using System.Text.Json;
using CheckoutFunctions.Domain;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace CheckoutFunctions.Providers;

/// <summary>
/// A provider's answers, kept in this process for <paramref name="life"/>; zero: none are. Of questions that are equal and come at the same time one is asked.
/// A fault is told to all who wait for it and kept for nobody; an asker who gives up leaves the others their answer.
/// </summary>
internal sealed class AnswerCache<T>(string provider, string operation, TimeSpan life, TimeProvider time) : IDisposable
    where T : class
{
    private readonly MemoryCache answers = new(new MemoryCacheOptions { SizeLimit = AnswerCache.MostAnswers, Clock = new Clock(time) });
    private readonly ConcurrentDictionary<string, Lazy<Task<T>>> asked = new(StringComparer.Ordinal);

    /// <param name="key">From <see cref="AnswerCache.KeyOf"/>.</param>
    /// <param name="isKept">Whether the answer may be told again: a "no" is asked for anew.</param>
    public Task<T> Get(string key, Func<CancellationToken, Task<T>> ask, Func<T, bool> isKept, CancellationToken cancellation) =>
        life == TimeSpan.Zero ? ask(cancellation)
        : answers.TryGetValue<T>(key, out var known) ? Task.FromResult(known!)
        : ProviderBudget.Wait(asked.GetOrAdd(key, _ => new(() => Ask(key, ask, isKept))).Value, provider, operation, time, cancellation);

    internal int Count => answers.Count;

    public void Dispose() => answers.Dispose();

    /// <summary>For all who wait, so no single one's cancellation or budget ends it; the provider's time-out does.</summary>
    private async Task<T> Ask(string key, Func<CancellationToken, Task<T>> ask, Func<T, bool> isKept)
    {
        try
        {
            // Answered between the look and the question.
            if (answers.TryGetValue<T>(key, out var known))
                return known!;

            using var own = ProviderBudget.Lift(time);
            var answer = await ask(CancellationToken.None);
            if (isKept(answer))
                answers.Set(key, answer, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = life, Size = 1 });
            return answer;
        }
        finally
        {
            asked.TryRemove(key, out _);
        }
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}

internal static class AnswerCache
{
    /// <summary>Of each provider; past it the least used make room.</summary>
    public const int MostAnswers = 10_000;

    /// <summary>Two questions have one key only if all of their fields are equal. A hash: the cache holds no address that it needn't.</summary>
    public static string KeyOf<T>(T question) => Secrets.Hash(JsonSerializer.SerializeToUtf8Bytes(question));
}
