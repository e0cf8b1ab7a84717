using System.Text.Json.Serialization;

namespace Sandbox.Braintree;

/// <summary>A transaction as the sandbox remembers it; <see cref="BraintreeJson"/> shows it as Braintree does. Amounts in minor units.</summary>
internal sealed record Transaction
{
    public const string Authorized = "AUTHORIZED";
    public const string Submitted = "SUBMITTED_FOR_SETTLEMENT";
    public const string Settled = "SETTLED";
    public const string Voided = "VOIDED";
    public const string ProcessorDeclined = "PROCESSOR_DECLINED";
    public const string GatewayRejected = "GATEWAY_REJECTED";
    public const string Failed = "FAILED";
    public const string SettlementDeclined = "SETTLEMENT_DECLINED";

    public required string LegacyId { get; init; }
    public required long CreatedAt { get; init; }
    public required string Token { get; init; }
    public required string Currency { get; init; }
    public required long Amount { get; init; }
    public string? OrderId { get; init; }

    /// <summary>Newest first.</summary>
    public List<StatusEvent> History { get; init; } = [];

    public List<Refund> Refunds { get; init; } = [];

    [JsonIgnore]
    public string Id => BraintreeJson.GlobalId("transaction", LegacyId);

    [JsonIgnore]
    public string Status => History[0].Status;

    [JsonIgnore]
    public long Refunded => Refunds.Where(refund => refund.Status != SettlementDeclined).Sum(refund => refund.Amount);

    [JsonIgnore]
    public bool IsLive => Status is Authorized or Submitted or Settled;

    public Transaction With(string status, long at, long? amount = null) => this with
    {
        Amount = amount ?? Amount,
        History = [new(status, at, amount ?? Amount), .. History],
    };
}

/// <param name="Response">The processor's code; <paramref name="Rejection"/> and <paramref name="DuplicateOf"/> (a legacy id) the gateway's.</param>
internal sealed record StatusEvent(string Status, long At, long Amount, string? Response = null, string? Rejection = null, string? DuplicateOf = null);

internal sealed record Refund(string LegacyId, long CreatedAt, long Amount, string? OrderId, string Status = Transaction.Submitted)
{
    [JsonIgnore]
    public string Id => BraintreeJson.GlobalId("refund", LegacyId);
}
