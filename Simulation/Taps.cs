using CheckoutFunctions.Checkout;
using CheckoutFunctions.Sessions;

namespace Simulation;

/// <summary>The buyers' taps as the HTTP layer takes them: one key may come with several requests, and a process may end before it could raise the command.</summary>
/// <param name="random">Its own, so that the rest of a world is as it would be without it.</param>
internal sealed class Taps(CheckoutClient checkouts, Random random)
{
    private readonly Dictionary<string, HashSet<string>> payments = [];

    public HashSet<(string Checkout, string Outcome)> Outcomes { get; } = [];

    /// <summary>The command to raise for a tap; null where its answer is known, or never will be.</summary>
    public async Task<CheckoutCommand?> Admit(StoredSession session, CheckoutCommand tap)
    {
        var checkoutId = session.Document.CheckoutId;
        var (settled, raise) = await checkouts.Admit(session, tap, CancellationToken.None);
        if (settled is { Conflicts: true })
            throw new InvariantException($"The same request was refused as another one: {tap}");
        if (settled is { Replayed: true })
            Outcomes.Add((checkoutId, "KeyAnsweredAgain"));
        if (raise is null)
            return null;
        if (raise.RequestId != tap.RequestId)
            Outcomes.Add((checkoutId, "KeyHeldByAnother"));
        if (raise.Key != raise.RequestId && random.Next(20) == 0)
            return null;

        if (raise.Kind == CommandKind.Complete)
            Asked(checkoutId).Add(raise.RequestId);
        return raise;
    }

    /// <summary>How often a checkout was asked to pay: however often the same is raised, it may begin so many attempts.</summary>
    public int PaymentsAsked(string checkoutId) => Asked(checkoutId).Count;

    private HashSet<string> Asked(string checkoutId) => payments.TryGetValue(checkoutId, out var asked) ? asked : payments[checkoutId] = [];
}
