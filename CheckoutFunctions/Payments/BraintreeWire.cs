namespace CheckoutFunctions.Payments;

/// <summary>What of Braintree's answers is used. Amounts are decimal strings in major units.</summary>
internal sealed record BraintreeAnswer(BraintreeData? Data = null, IReadOnlyList<BraintreeError>? Errors = null);

internal sealed record BraintreeData(
    BraintreePayload? AuthorizePaymentMethod = null,
    BraintreePayload? CaptureTransaction = null,
    BraintreePayload? ReverseTransaction = null,
    BraintreePayload? RefundTransaction = null,
    BraintreeNode? Node = null,
    BraintreeSearch? Search = null);

internal sealed record BraintreePayload(BraintreeNode? Transaction = null, BraintreeNode? Reversal = null, BraintreeNode? Refund = null);

internal sealed record BraintreeSearch(BraintreeConnection? Transactions = null);

internal sealed record BraintreeConnection(IReadOnlyList<BraintreeEdge?>? Edges = null, BraintreePageInfo? PageInfo = null);

internal sealed record BraintreeEdge(BraintreeNode? Node = null);

internal sealed record BraintreePageInfo(bool HasNextPage, string? EndCursor = null);

/// <summary>A transaction, a refund or a payment method; each has some of this.</summary>
internal sealed record BraintreeNode(
    string? Id = null,
    string? Status = null,
    string? OrderId = null,
    BraintreeAmount? Amount = null,
    IReadOnlyList<BraintreeEvent>? StatusHistory = null,
    IReadOnlyList<BraintreeNode>? Refunds = null,
    string? Usage = null,
    DateTimeOffset? CreatedAt = null)
{
    [System.Text.Json.Serialization.JsonPropertyName("__typename")]
    public string? Type { get; init; }
}

internal sealed record BraintreeAmount(decimal Value, string CurrencyCode);

/// <summary>A status that a transaction or a refund passed through.</summary>
internal sealed record BraintreeEvent(
    string Status,
    BraintreeAmount? Amount = null,
    BraintreeProcessorResponse? ProcessorResponse = null,
    string? GatewayRejectionReason = null,
    BraintreeNode? DuplicateOf = null,
    string? DeclineType = null);

internal sealed record BraintreeProcessorResponse(string? LegacyCode = null);

/// <param name="Path">The field at fault; longer than one where the operation itself went through.</param>
internal sealed record BraintreeError(BraintreeErrorExtensions? Extensions = null, IReadOnlyList<System.Text.Json.JsonElement>? Path = null);

internal sealed record BraintreeErrorExtensions(string? ErrorClass = null, string? LegacyCode = null);
