#nullable disable

using System.Net;
using System.Text.Json.Serialization;

namespace Stripe;

public class StripeException : Exception
{
    public StripeException()
    {
    }

    public StripeException(string message)
        : base(message)
    {
    }

    public StripeException(string message, Exception err)
        : base(message, err)
    {
    }

    public StripeException(HttpStatusCode httpStatusCode, StripeError stripeError, string message)
        : base(message)
    {
        HttpStatusCode = httpStatusCode;
        StripeError = stripeError;
    }

    public HttpStatusCode HttpStatusCode { get; set; }

    /// <summary>Null where the answer holds no error object of Stripe's.</summary>
    public StripeError StripeError { get; set; }

    public StripeResponse StripeResponse { get; set; }
}

public class StripeError : StripeEntity
{
    [JsonPropertyName("advice_code")]
    public string AdviceCode { get; set; }

    [JsonPropertyName("charge")]
    public string Charge { get; set; }

    [JsonPropertyName("code")]
    public string Code { get; set; }

    [JsonPropertyName("decline_code")]
    public string DeclineCode { get; set; }

    [JsonPropertyName("doc_url")]
    public string DocUrl { get; set; }

    [JsonPropertyName("message")]
    public string Message { get; set; }

    [JsonPropertyName("network_decline_code")]
    public string NetworkDeclineCode { get; set; }

    [JsonPropertyName("param")]
    public string Param { get; set; }

    [JsonPropertyName("payment_intent")]
    public PaymentIntent PaymentIntent { get; set; }

    [JsonPropertyName("type")]
    public string Type { get; set; }
}
