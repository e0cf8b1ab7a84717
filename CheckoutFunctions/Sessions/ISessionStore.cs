namespace CheckoutFunctions.Sessions;

/// <summary>
/// Session documents and the answers that commands got. Written by the start of a checkout and then by its orchestration;
/// an operator's word to retry is written down as answered, too.
/// </summary>
public interface ISessionStore
{
    /// <summary>The gate: true where this checkout was new. A start under an idempotency key that is taken changes nothing and returns false.</summary>
    Task<bool> Create(NewSession session, CancellationToken cancellation);

    Task<StartedCheckout?> FindStart(string keyHash, CancellationToken cancellation);

    Task<StoredSession?> Find(string checkoutId, CancellationToken cancellation);

    /// <summary>Writes a newer document and the answer together; an older document, arriving late, changes nothing.</summary>
    Task Save(SaveSession save, CancellationToken cancellation);

    Task<CommandAnswer?> FindAnswer(string checkoutId, string commandKey, CancellationToken cancellation);

    /// <summary>
    /// Checkouts that have been at work, or were never touched, since before then; of the untouched only those since <paramref name="untouchedFrom"/>.
    /// At most so many of each: those at work for longest, the untouched that are youngest.
    /// </summary>
    Task<List<string>> Waiting(DateTimeOffset before, DateTimeOffset untouchedFrom, int most, CancellationToken cancellation);

    /// <summary>Which of these checkouts are ours.</summary>
    Task<HashSet<string>> KnownOf(IReadOnlyCollection<string> checkoutIds, CancellationToken cancellation);

    /// <summary>When the document of a checkout that exists was last written.</summary>
    Task<DateTimeOffset> LastChangeOf(string checkoutId, CancellationToken cancellation);

    /// <summary>Throws where the store doesn't answer.</summary>
    Task Ask(CancellationToken cancellation);
}

/// <param name="Input">The orchestration's input, as JSON.</param>
/// <param name="Start">The idempotency key's record, where the client gave one.</param>
public sealed record NewSession(SessionDocument Document, string SecretHash, string Input, StartedCheckout? Start);

/// <param name="KeyHash">Of the client's idempotency key.</param>
/// <param name="Salt">With the key itself it gives the client's secret again, which is kept nowhere.</param>
public sealed record StartedCheckout(string KeyHash, string RequestHash, string CheckoutId, string Salt);

public sealed record StoredSession(SessionDocument Document, string SecretHash, string Input);

/// <summary>Store this document, and what the command that led to it is answered.</summary>
public sealed record SaveSession(SessionDocument Session, CommandAnswer? Answer = null);
