using CheckoutFunctions.Sessions;

namespace Simulation;

/// <summary>What worlds must come to for a campaign to mean something: a change must not make a branch unreachable without anybody noticing.</summary>
internal static class Coverage
{
    /// <summary>Outcomes that only a fault brings about.</summary>
    private static readonly string[] Unlucky =
    [
        nameof(CheckoutStatus.NeedsAttention), nameof(AnswerCode.StoreUnavailable), nameof(AnswerCode.ShippingUnavailable), nameof(AnswerCode.TaxUnavailable),
        "CompensatedByRefund", "CompensationBounced", .. Faults.Undoable.Select(activity => $"{activity}AfterItsUndo"),
    ];

    /// <summary>What operators are told at the gate, before anything runs that a fault could strike.</summary>
    private static readonly string[] AtTheGate = ["RefundAccepted", "RefundExceedsOrder", "RefundExceedsSold", "RefundOrderCancelled", "RefundNotPaid"];

    public static IReadOnlyList<string> Outcomes { get; } =
    [
        nameof(CheckoutStatus.Completed), nameof(CheckoutStatus.Cancelled), nameof(CheckoutStatus.Expired), nameof(CheckoutStatus.ActionRequired),
        nameof(AnswerCode.Ok), nameof(AnswerCode.CardDeclined), nameof(AnswerCode.OutOfStock), nameof(AnswerCode.TotalsChanged),
        nameof(AnswerCode.PaymentUnavailable), nameof(AnswerCode.InvalidPaymentToken), nameof(AnswerCode.AddressUndeliverable),
        nameof(AnswerCode.DiscountNotApplicable), nameof(AnswerCode.StepNotReady), nameof(AnswerCode.RateExpired), "PaymentMismatch", "DiscountLost", "KeyAnsweredAgain", "KeyHeldByAnother", "Signalled", "HoldExtended", "CompensatedOrder",
        "Refund:refunded", "Refund:failed", "RefundFailedLate", "RefundNeedsAttention", "Order:PartiallyRefunded", "Order:Refunded", .. Unlucky, .. AtTheGate,
    ];

    /// <summary>Whether a checkout can come to this while having to live with that.</summary>
    public static bool IsPossible(string outcome, FaultKind kind) => kind == FaultKind.None ? !Unlucky.Contains(outcome) : !AtTheGate.Contains(outcome);

    /// <summary>Outcomes that no world came to.</summary>
    public static IEnumerable<string> Missing(Campaign campaign) => Outcomes.Except(campaign.Outcomes.Keys.Select(cell => cell.Outcome));

    /// <summary>Faults that struck nobody.</summary>
    public static IEnumerable<(string Function, FaultKind Kind)> MissingFaults(Campaign campaign) => FaultTable.Cells.Except(campaign.Faults.Keys);

    /// <summary>Outcomes and faults that never came together: some are so rare that it takes tens of thousands of worlds.</summary>
    public static IEnumerable<(string Outcome, FaultKind Kind)> MissingTogether(Campaign campaign) =>
        from outcome in Outcomes
        from kind in Enum.GetValues<FaultKind>()
        where IsPossible(outcome, kind) && !campaign.Outcomes.ContainsKey((outcome, kind))
        select (outcome, kind);
}
