using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Shipping;

/// <summary>EasyPost's quote that creates no shipment: <c>POST /beta/rates</c>. Carriers need no names to quote, so it gets none.</summary>
public sealed class EasyPostRates([FromKeyedServices(EasyPostRates.Provider)] ProviderHttp http) : IRateProvider
{
    public const string Provider = "EasyPost";
    public const string DefaultBaseUrl = "https://api.easypost.com";
    private const decimal GramsPerOunce = 28.349523125m;

    public string Name => Provider;

    public async Task<RateQuote> Quote(RateRequest request, CancellationToken cancellation)
    {
        var question = new EasyPostQuestion(new(Place(request.From), Place(request.To), new(Ounces(request.WeightGrams))));
        using var message = http.Request(HttpMethod.Post, "/beta/rates", question, ProviderJson.SnakeCase);
        message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(http.ApiKey + ":")));
        var response = await http.Send(ProviderOperations.Rates, message, cancellation);
        if (response.IsSuccess)
            return EasyPostQuote.Of(response, request.Currency);
        if (response.Status == HttpStatusCode.UnprocessableEntity && AddressRefusal(response) is { } refusal)
            return new([], [refusal]);
        throw response.Unexpected();
    }

    private static EasyPostPlace Place(Address address) =>
        new(address.IsPostalCodeOnly() ? null : address.Line1, address.Line2, address.City, address.State, address.Zip, address.Country);

    /// <summary>Rounded up to a tenth: a parcel is never quoted lighter than it is.</summary>
    private static decimal Ounces(int grams) => Math.Max(0.1m, Math.Ceiling(grams / GramsPerOunce * 10) / 10);

    /// <summary>An address that no carrier knows is a "no" (codes <c>ADDRESS.…</c>); any other 422 is our mistake.</summary>
    private static string? AddressRefusal(ProviderResponse response) =>
        response.ReadError<EasyPostErrorAnswer>(ProviderJson.SnakeCase)?.Error is { } error && error.Code.StartsWith("ADDRESS.", StringComparison.Ordinal)
            ? error.Message ?? error.Code
            : null;
}
