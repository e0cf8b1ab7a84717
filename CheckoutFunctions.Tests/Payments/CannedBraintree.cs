using System.Net;
using System.Text;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>Answers everything with one body, and keeps what it was sent.</summary>
internal sealed class CannedBraintree(string body, int status = 200) : HttpMessageHandler
{
    public List<(Uri Uri, string Body, Dictionary<string, string> Headers)> Requests { get; } = [];

    public static CannedBraintree Recorded(string fixture) =>
        new(Recordings.Read("braintree", fixture).GetProperty("response").GetProperty("json").GetRawText());

    /// <summary>The adapter's client over it; with its keys.</summary>
    public BraintreeClient Client()
    {
        var services = new ServiceCollection().AddPayments(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Payments:Provider"] = "Braintree",
            ["Braintree:PublicKey"] = "a_public_key",
            ["Braintree:PrivateKey"] = "a_private_key",
        }).Build());
        services.AddHttpClient(BraintreeGateway.ProviderName).ConfigurePrimaryHttpMessageHandler(() => this);
        return new(services.BuildServiceProvider().GetRequiredKeyedService<ProviderHttp>(BraintreeGateway.ProviderName), new Dictionary<string, string>());
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((
            request.RequestUri!,
            await request.Content!.ReadAsStringAsync(cancellationToken),
            request.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value))));
        return new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }
}
