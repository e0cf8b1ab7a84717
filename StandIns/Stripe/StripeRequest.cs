#nullable disable

using System.Net.Http.Headers;

namespace Stripe;

public class StripeRequest
{
    /// <summary>Stripe.net pins a version with each release; what these types read is the same in all of this line.</summary>
    private const string ApiVersion = "2026-03-25.dahlia";

    private readonly BaseOptions options;

    public StripeRequest(IStripeClient client, HttpMethod method, string path, BaseOptions options, RequestOptions requestOptions)
    {
        this.options = options;
        Method = method;
        Uri = Address(client.ApiBase + path, method, options);
        AuthorizationHeader = new("Bearer", requestOptions?.ApiKey ?? client.ApiKey ?? throw new StripeException("No API key provided."));
        StripeHeaders = new Dictionary<string, string> { ["Stripe-Version"] = ApiVersion };
        if (!string.IsNullOrEmpty(requestOptions?.IdempotencyKey))
            StripeHeaders["Idempotency-Key"] = requestOptions.IdempotencyKey;
        else if (method == HttpMethod.Post)
            StripeHeaders["Idempotency-Key"] = Guid.NewGuid().ToString();
    }

    public HttpMethod Method { get; }

    public Uri Uri { get; }

    public AuthenticationHeaderValue AuthorizationHeader { get; }

    public IDictionary<string, string> StripeHeaders { get; }

    /// <summary>Null unless it is a POST. Every call makes a new one.</summary>
    public HttpContent Content => Method != HttpMethod.Post
        ? null
        : new StringContent(FormEncoding.Encode(options), System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");

    private static Uri Address(string address, HttpMethod method, BaseOptions options)
    {
        var query = method == HttpMethod.Post ? "" : FormEncoding.Encode(options);
        return new(query.Length == 0 ? address : $"{address}?{query}");
    }
}
