#nullable disable

using System.Text.Json.Serialization;

namespace Stripe;

public interface INestedOptions;

public class BaseOptions : INestedOptions
{
    [JsonPropertyName("expand")]
    public List<string> Expand { get; set; } = [];

    public void AddExpand(string value) => Expand.Add(value);
}

public class PaymentIntentCreateOptions : BaseOptions
{
    [JsonPropertyName("amount")]
    public long? Amount { get; set; }

    [JsonPropertyName("automatic_payment_methods")]
    public PaymentIntentAutomaticPaymentMethodsOptions AutomaticPaymentMethods { get; set; }

    [JsonPropertyName("capture_method")]
    public string CaptureMethod { get; set; }

    [JsonPropertyName("confirm")]
    public bool? Confirm { get; set; }

    [JsonPropertyName("currency")]
    public string Currency { get; set; }

    [JsonPropertyName("description")]
    public string Description { get; set; }

    [JsonPropertyName("metadata")]
    public Dictionary<string, string> Metadata { get; set; }

    [JsonPropertyName("payment_method")]
    public string PaymentMethod { get; set; }
}

public class PaymentIntentAutomaticPaymentMethodsOptions : INestedOptions
{
    [JsonPropertyName("allow_redirects")]
    public string AllowRedirects { get; set; }

    [JsonPropertyName("enabled")]
    public bool? Enabled { get; set; }
}

public class PaymentIntentGetOptions : BaseOptions;

public class PaymentIntentConfirmOptions : BaseOptions;

public class PaymentIntentCaptureOptions : BaseOptions
{
    [JsonPropertyName("amount_to_capture")]
    public long? AmountToCapture { get; set; }
}

public class PaymentIntentCancelOptions : BaseOptions
{
    [JsonPropertyName("cancellation_reason")]
    public string CancellationReason { get; set; }
}

public class ListOptions : BaseOptions
{
    [JsonPropertyName("limit")]
    public long? Limit { get; set; }

    [JsonPropertyName("starting_after")]
    public string StartingAfter { get; set; }
}

public class PaymentIntentListOptions : ListOptions
{
    [JsonPropertyName("created")]
    public AnyOf<DateTime?, DateRangeOptions> Created { get; set; }
}

public class DateRangeOptions : INestedOptions
{
    [JsonPropertyName("gt")]
    public DateTime? GreaterThan { get; set; }

    [JsonPropertyName("gte")]
    public DateTime? GreaterThanOrEqual { get; set; }

    [JsonPropertyName("lt")]
    public DateTime? LessThan { get; set; }

    [JsonPropertyName("lte")]
    public DateTime? LessThanOrEqual { get; set; }
}

public class RefundListOptions : ListOptions
{
    [JsonPropertyName("payment_intent")]
    public string PaymentIntent { get; set; }
}

public class RefundCreateOptions : BaseOptions
{
    [JsonPropertyName("amount")]
    public long? Amount { get; set; }

    [JsonPropertyName("metadata")]
    public Dictionary<string, string> Metadata { get; set; }

    [JsonPropertyName("payment_intent")]
    public string PaymentIntent { get; set; }

    [JsonPropertyName("reason")]
    public string Reason { get; set; }
}
