#nullable disable

using System.Text.Json.Serialization;

namespace Stripe;

public class Charge : StripeEntity, IHasId
{
    [JsonPropertyName("id")]
    public string Id { get; set; }

    [JsonPropertyName("amount")]
    public long Amount { get; set; }

    [JsonPropertyName("amount_captured")]
    public long AmountCaptured { get; set; }

    [JsonPropertyName("amount_refunded")]
    public long AmountRefunded { get; set; }

    [JsonPropertyName("captured")]
    public bool Captured { get; set; }

    [JsonPropertyName("refunded")]
    public bool Refunded { get; set; }
}

public class StripeList<T> : StripeEntity
{
    [JsonPropertyName("data")]
    public List<T> Data { get; set; }

    [JsonPropertyName("has_more")]
    public bool HasMore { get; set; }
}

public class Refund : StripeEntity, IHasId
{
    [JsonPropertyName("id")]
    public string Id { get; set; }

    [JsonPropertyName("amount")]
    public long Amount { get; set; }

    [JsonPropertyName("currency")]
    public string Currency { get; set; }

    [JsonPropertyName("failure_reason")]
    public string FailureReason { get; set; }

    [JsonPropertyName("metadata")]
    public Dictionary<string, string> Metadata { get; set; }

    [JsonPropertyName("status")]
    public string Status { get; set; }
}
