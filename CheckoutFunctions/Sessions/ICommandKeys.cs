namespace CheckoutFunctions.Sessions;

/// <summary>
/// Which request holds an idempotency key. Of many with one key, one is carried out; the others wait for its answer, in whichever process they are.
/// </summary>
public interface ICommandKeys
{
    /// <summary>How long a key and its answer are kept.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromHours(48);

    /// <summary>Who holds the key: this request if it is new, else the one that came first.</summary>
    Task<CommandClaim> Claim(CommandClaim wanted, CancellationToken cancellation);

    /// <summary>Who holds the key now, after one whose answer isn't remembered was done with it: of several that ask, one.</summary>
    Task<CommandClaim> TakeOver(CommandClaim wanted, CommandClaim done, CancellationToken cancellation);

    /// <summary>
    /// Forgets at most <paramref name="limit"/> keys and as many answers that are older than they need be kept. Those of a checkout that goes on stay:
    /// its orchestration knows them too, and would pass a repeat over that nobody can answer any more.
    /// </summary>
    /// <returns>How many rows went; zero: nothing old is left.</returns>
    Task<int> Purge(int limit, CancellationToken cancellation);
}

/// <param name="CommandKey">The hash of the client's key and of the call that it came with.</param>
/// <param name="RequestHash">Of the request's body.</param>
/// <param name="RequestId">Of the request that is carried out for all that come with the key.</param>
public sealed record CommandClaim(string CheckoutId, string CommandKey, string RequestHash, string RequestId);
