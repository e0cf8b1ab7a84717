#nullable disable

using System.Text.Json.Serialization;

namespace Stripe;

public class PaymentIntent : StripeEntity, IHasId
{
    [JsonPropertyName("id")]
    public string Id { get; set; }

    [JsonPropertyName("amount")]
    public long Amount { get; set; }

    [JsonPropertyName("amount_capturable")]
    public long AmountCapturable { get; set; }

    [JsonPropertyName("amount_received")]
    public long AmountReceived { get; set; }

    [JsonPropertyName("capture_method")]
    public string CaptureMethod { get; set; }

    [JsonPropertyName("client_secret")]
    public string ClientSecret { get; set; }

    [JsonPropertyName("created")]
    [JsonConverter(typeof(UnixDateTimeConverter))]
    public DateTime Created { get; set; }

    [JsonPropertyName("currency")]
    public string Currency { get; set; }

    [JsonPropertyName("last_payment_error")]
    public StripeError LastPaymentError { get; set; }

    [JsonIgnore]
    public string LatestChargeId => InternalLatestCharge?.Id;

    [JsonIgnore]
    public Charge LatestCharge => InternalLatestCharge?.ExpandedObject;

    [JsonPropertyName("metadata")]
    public Dictionary<string, string> Metadata { get; set; }

    [JsonPropertyName("next_action")]
    public PaymentIntentNextAction NextAction { get; set; }

    [JsonPropertyName("status")]
    public string Status { get; set; }

    [JsonInclude]
    [JsonPropertyName("latest_charge")]
    [JsonConverter(typeof(ExpandableFieldConverter<Charge>))]
    internal ExpandableField<Charge> InternalLatestCharge { get; set; }
}

public class PaymentIntentNextAction : StripeEntity
{
    [JsonPropertyName("redirect_to_url")]
    public PaymentIntentNextActionRedirectToUrl RedirectToUrl { get; set; }

    [JsonPropertyName("type")]
    public string Type { get; set; }
}

public class PaymentIntentNextActionRedirectToUrl : StripeEntity
{
    [JsonPropertyName("return_url")]
    public string ReturnUrl { get; set; }

    [JsonPropertyName("url")]
    public string Url { get; set; }
}
