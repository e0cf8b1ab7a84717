using Microsoft.Data.Sqlite;

namespace Sandbox.Calls;

/// <summary>A provider's name, and how it words the faults that any provider can have.</summary>
internal sealed record Provider(string Name, Func<Answer> ServerError, Func<Answer> TooManyRequests);

/// <summary>One call on a provider. <paramref name="Act"/> runs alone and takes effect, or doesn't, as a whole.</summary>
internal sealed record Call(Provider Provider, string Operation, Func<SqliteConnection, Answer> Act)
{
    /// <summary>The key under which the answer is remembered; held until the call has taken effect.</summary>
    public IReplay? Replay { get; init; }
}

/// <summary>An idempotency key that a call holds. Disposing it lets the next call with that key go on.</summary>
internal interface IReplay : IDisposable
{
    /// <summary>The answer that was given before, or a refusal to reuse the key, or null: act.</summary>
    Answer? Recall(SqliteConnection database);

    void Remember(SqliteConnection database, Answer answer);
}
