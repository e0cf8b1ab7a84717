using System.Text.Json.Serialization;
using CheckoutFunctions.Discounts;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Checkout;

/// <summary>Everything a checkout's orchestration knows: the document that storefronts see, and what they don't.</summary>
public sealed record CheckoutState(
    SessionDocument Session,
    IReadOnlyList<LineItem> Items,
    IReadOnlyList<DiscountRule> DiscountRules,
    CheckoutLimits Limits)
{
    /// <summary>When the rates were quoted; null before.</summary>
    public DateTimeOffset? RatesAt { get; init; }

    /// <summary>
    /// While the buyer corrects an address: the id of the verifier's first answer about it, which each further question names. Null: none was asked,
    /// or the last one was accepted, and the next address is a new one.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AddressResponseId { get; init; }

    /// <summary>How often the buyer decided to pay: a part of every idempotency key.</summary>
    public int Attempt { get; init; }

    /// <summary>How the last attempt to pay failed: a buyer who comes back from 3-D Secure after that is told.</summary>
    public PaymentRefusal? LastRefusal { get; init; }

    /// <summary>Money that was taken and had to be given back: refunds bounce weeks later, so it is watched. Null: none.</summary>
    public IReadOnlyList<GivenBack>? GivenBack { get; init; }

    /// <summary>Keys of the commands answered last, ids of the requests whose answers aren't kept under a key: raising one again does nothing.</summary>
    public IReadOnlyList<string> Answered { get; init; } = [];
}

/// <summary>What the buyer was, or would have been, answered.</summary>
public sealed record PaymentRefusal(AnswerCode Code, string? Detail, string? DeclineCode, IReadOnlyList<AnswerError>? Errors);

/// <param name="Void">What gave it back.</param>
public sealed record GivenBack(VoidPayment Void, DateTimeOffset At);

/// <summary>Settings that a checkout is started with and keeps, so that a replay sees what the first run saw. <c>Checkout__…</c>.</summary>
public sealed record CheckoutLimits
{
    /// <summary>How long an unpaid checkout lives.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long stock is held for a buyer who is paying.</summary>
    public int HoldMinutes { get; init; } = 15;

    /// <summary>How long the buyer has for 3-D Secure.</summary>
    public int ActionMinutes { get; init; } = 15;

    /// <summary>How long quoted rates and taxes hold without asking again.</summary>
    public int QuoteMinutes { get; init; } = 30;

    /// <summary>
    /// By how much of the grand total, in percent, older quotes may have drifted, up or down, and the buyer's price still holds.
    /// 0, as in a checkout from before there was this: any difference stops.
    /// </summary>
    public decimal QuoteTolerancePercent { get; init; }

    /// <summary>
    /// How long a complete may take, all in all, for asking again for what it can do without: rates and taxes that are old.
    /// Null, as in a checkout from before there was this: as long as any other quote, twice.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RequoteMilliseconds { get; init; }
}
