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

    public async Task<AddressCheck> Verify(Address address, string? previousResponseId, CancellationToken cancellation)
    {
        var response = await Ask(address, previousResponseId, cancellation);
        if (response.IsSuccess)
            return GoogleVerdict.Of(response.Read<GoogleAnswer>(ProviderJson.CamelCase), address);

        var refusal = response.Status == HttpStatusCode.BadRequest ? response.ReadError<GoogleErrorAnswer>(ProviderJson.CamelCase)?.Error : null;
        if (IsAbout(refusal, Region()))
            return new(AddressVerdict.Unverified, null, ["unsupported:country"]);
        // An id that Google no longer knows must not cost the buyer the verification: this address is its own first question then.
        if (previousResponseId is not null && IsAbout(refusal, PreviousResponse()))
            return await Verify(address, null, cancellation);
        throw response.Unexpected();
    }

    private async Task<ProviderResponse> Ask(Address address, string? previousResponseId, CancellationToken cancellation)
    {
        using var request = http.Request(HttpMethod.Post, "/v1:validateAddress", Question(address, previousResponseId), ProviderJson.CamelCase);
        request.Headers.Add("X-Goog-Api-Key", http.ApiKey); // not ?key=: addresses of requests are logged
        return await http.Send(ProviderOperations.Verify, request, cancellation);
    }

    private static GoogleQuestion Question(Address address, string? previousResponseId) => new(
        new(
            address.Country,
            [.. new[] { address.Line1, address.Line2 }.OfType<string>().Where(line => line.Length > 0)],
            address.City,
            address.State,
            address.Zip),
        EnableUspsCass: address.Country is "US" or "PR",
        previousResponseId);

    private static bool IsAbout(GoogleError? error, Regex field) =>
        error is { Status: "INVALID_ARGUMENT", Message: { } message } && field.IsMatch(message);

    [GeneratedRegex("region[ _]?code", RegexOptions.IgnoreCase)]
    private static partial Regex Region();

    [GeneratedRegex("response[ _]?id", RegexOptions.IgnoreCase)]
    private static partial Regex PreviousResponse();
}
