using System.Net;
using System.Text.RegularExpressions;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Addresses;

/// <summary>Google Address Validation: <c>POST v1:validateAddress</c>. It is told where, never who.</summary>
public sealed partial class GoogleAddressVerifier([FromKeyedServices(GoogleAddressVerifier.Provider)] ProviderHttp http) : IAddressVerifier
{
    public const string Provider = "Google";
    public const string DefaultBaseUrl = "https://addressvalidation.googleapis.com";

    public string Name => Provider;

    public async Task<AddressCheck> Verify(Address address, CancellationToken cancellation)
    {
        using var request = http.Request(HttpMethod.Post, "/v1:validateAddress", Question(address), ProviderJson.CamelCase);
        request.Headers.Add("X-Goog-Api-Key", http.ApiKey); // not ?key=: addresses of requests are logged
        var response = await http.Send(ProviderOperations.Verify, request, cancellation);
        if (response.IsSuccess)
            return GoogleVerdict.Of(response.Read<GoogleAnswer>(ProviderJson.CamelCase).Result, address);
        if (response.Status == HttpStatusCode.BadRequest && IsUnsupportedCountry(response.ReadError<GoogleErrorAnswer>(ProviderJson.CamelCase)?.Error))
            return new(AddressVerdict.Unverified, null, ["unsupported:country"]);
        throw response.Unexpected();
    }

    private static GoogleQuestion Question(Address address) => new(
        new(
            address.Country,
            [.. new[] { address.Line1, address.Line2 }.OfType<string>().Where(line => line.Length > 0)],
            address.City,
            address.State,
            address.Zip),
        EnableUspsCass: address.Country is "US" or "PR");

    private static bool IsUnsupportedCountry(GoogleError? error) =>
        error is { Status: "INVALID_ARGUMENT", Message: { } message } && RegionCode().IsMatch(message);

    [GeneratedRegex("region[ _]?code", RegexOptions.IgnoreCase)]
    private static partial Regex RegionCode();
}
