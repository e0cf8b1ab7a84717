using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Reconciliation;

/// <summary>Collects what is found, and does what is to be done about it, unless somebody only looks.</summary>
internal sealed class Healing(bool heals, ILogger logger, CancellationToken cancellation)
{
    private readonly List<Finding> findings = [];

    /// <summary>False: nothing may be changed.</summary>
    public bool Heals => heals;

    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>What isn't safe to put right.</summary>
    public void Report(Finding finding) => findings.Add(finding with { Deed = null, Healed = heals ? false : null });

    /// <returns>Whether what rests on it may follow: it was done or, for one who only looks, would be.</returns>
    public async Task<bool> Do(Finding finding, Func<Task> deed)
    {
        if (!heals)
        {
            findings.Add(finding);
            return true;
        }

        try
        {
            await deed();
            findings.Add(finding with { Healed = true });
            return true;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // The next look tries again.
            logger.LogWarning(e, "Reconciliation could not put {CheckoutId} right", finding.CheckoutId);
            findings.Add(finding with { Healed = false, WhyNot = $"It was tried and failed: {Reason(e)}" });
            return false;
        }
    }

    /// <summary>For a report: our own sentences, and the kind of everything else.</summary>
    public static string Reason(Exception e) => e is ProviderException or NotHealedException ? e.Message
        : StoreFault.IsUnavailable(e) ? "the shop's store can't be used now."
        : $"{e.GetType().Name}.";
}

/// <summary>A deed had another outcome than the one that it was to have.</summary>
internal sealed class NotHealedException(string message) : Exception(message);
