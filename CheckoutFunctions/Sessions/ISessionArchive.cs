using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Sessions;

/// <summary>What is left of checkouts when nobody is at work on them: found, cleaned, forgotten.</summary>
public interface ISessionArchive
{
    /// <summary>
    /// Checkouts in one of these states whose document was last written in that time; in a database those that have been silent for longest come first.
    /// Read in small windows: take no more than you need. Those that were read may be deleted meanwhile.
    /// </summary>
    IAsyncEnumerable<SilentSession> Silent(IReadOnlyCollection<CheckoutStatus> statuses, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation);

    /// <summary>Checkouts whose document, input or answers hold this e-mail address, in upper or lower case. Reads all of them once, in small windows.</summary>
    IAsyncEnumerable<string> Mentioning(string email, CancellationToken cancellation);

    /// <summary>Puts these in the place of an ended checkout's document and input, without a trace of what was there, and forgets its answers.</summary>
    Task Replace(SessionDocument document, string input, CancellationToken cancellation);

    /// <summary>Forgets a checkout with its answers and the keys of its commands. The key that it was started under has been forgotten long before.</summary>
    Task Delete(string checkoutId, CancellationToken cancellation);
}

public sealed record SilentSession(string CheckoutId, DateTimeOffset Since);

internal static class Mentions
{
    /// <summary>How an e-mail address stands in what the stores hold, in lower case: whole, between its quotes, with JSON's escapes.</summary>
    public static string Of(string email) => Json.Write(email).ToLowerInvariant();
}
