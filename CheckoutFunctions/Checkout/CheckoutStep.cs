using System.Text.Json.Serialization;

namespace CheckoutFunctions.Checkout;

/// <summary>What a checkout's orchestration is at, and since when: its custom status, which operators read.</summary>
public sealed record CheckoutStep(string Step, DateTimeOffset Since)
{
    public const string WaitingForBuyer = "waiting for the buyer";

    /// <summary>At a command that moves no money.</summary>
    public const string Working = "working";

    public const string Paying = "paying";

    public const string WaitingForBank = "waiting for the bank";

    /// <summary>The order is paid; its tax and its message are on their way.</summary>
    public const string Finishing = "finishing";

    public const string Ended = "ended";

    /// <summary>Taking a purchase back, which has failed before. Followed by how.</summary>
    public const string Undoing = "undoing a purchase";

    /// <summary>Followed by the reason.</summary>
    public const string NeedsAttention = "needs attention";

    [JsonIgnore]
    public bool IsParked => Step.StartsWith(NeedsAttention, StringComparison.Ordinal);

    /// <summary>When it has been at this for longer than it should, though it may go on trying: see <see cref="Retries"/>. Null: it has no end of its own.</summary>
    /// <param name="expiresAt">When a checkout that waits for its buyer ends.</param>
    public DateTimeOffset? Deadline(CheckoutLimits limits, DateTimeOffset expiresAt) => Step switch
    {
        WaitingForBuyer => expiresAt + Margin,
        Working or Ended => Since + Margin,
        Paying => Since + TimeSpan.FromHours(1),
        WaitingForBank => Since + TimeSpan.FromMinutes(limits.ActionMinutes) + Margin,
        Finishing => Since + TimeSpan.FromHours(6),
        _ when Step.StartsWith(Undoing, StringComparison.Ordinal) => Since + TimeSpan.FromHours(1),
        _ => null,
    };

    /// <summary>What queues and a worker that starts anew may take.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);
}
