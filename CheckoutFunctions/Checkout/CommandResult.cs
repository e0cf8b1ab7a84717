using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Checkout;

/// <summary>What a command led to: the state after it and the answer's code. A refusal hands back the very state it was given.</summary>
public sealed record CommandResult(CheckoutState State, AnswerCode Code = AnswerCode.Ok)
{
    public string? Detail { get; init; }

    public string? DeclineCode { get; init; }

    public Address? Suggestion { get; init; }

    public IReadOnlyList<AnswerError>? Errors { get; init; }

    public IReadOnlyList<AmountChange>? Changes { get; init; }

    public CommandAnswer ToAnswer(CheckoutCommand command, SessionDocument session) => new(
        Remembered(command) ? command.Key : command.RequestId, command.RequestHash, Code, session, Detail, DeclineCode, Suggestion, Errors, Changes);

    /// <summary>
    /// Whether a repeat gets this answer again. Not what may be different next time for no fault of the buyer's; and under a key that
    /// the buyer didn't choose (checkout and card), only what settles the matter.
    /// </summary>
    public bool Remembered(CheckoutCommand command) => Code switch
    {
        AnswerCode.Ok or AnswerCode.CardDeclined => true,
        AnswerCode.ActionRequired or AnswerCode.PaymentUnavailable or AnswerCode.StoreUnavailable
            or AnswerCode.ShippingUnavailable or AnswerCode.TaxUnavailable or AnswerCode.NeedsAttention => false,
        _ => !command.KeyIsDerived,
    };
}
