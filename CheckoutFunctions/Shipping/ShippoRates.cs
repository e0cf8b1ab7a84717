using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Shipping;

/// <summary>Shippo's quote: a shipment that is rated at once (<c>POST /shipments/</c>) and never bought. Carriers need no names to quote, so it gets none.</summary>
public sealed class ShippoRates(
    [FromKeyedServices(ShippoRates.Provider)] ProviderHttp http,
    [FromKeyedServices(ShippoRates.Provider)] ProviderOptions options,
    TimeProvider time) : IRateProvider
{
    public const string Provider = "Shippo";
    public const string DefaultBaseUrl = "https://api.goshippo.com";
    private const string ApiVersion = "2018-02-08";

    internal static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(200);

    public string Name => Provider;

    public async Task<RateQuote> Quote(RateRequest request, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var question = new ShippoQuestion(Place(request.From), Place(request.To), [Parcel(request.WeightGrams)], Async: false);
        var response = await Send(HttpMethod.Post, "/shipments/", question, cancellation);
        if (response.Status == HttpStatusCode.BadRequest && ShippoQuote.RefusalOfAddress(response) is { } reason)
            return new([], [reason]);

        var shipment = Shipment(response);
        if (shipment.IsUnderWay)
            (response, shipment) = await Rated(shipment.ObjectId ?? throw response.Malformed("$.object_id"), started, cancellation);
        return ShippoQuote.Of(response, shipment, request.Currency);
    }

    /// <summary>
    /// Looks at the shipment, within the time-out of the whole, until it is rated; asked to wait for that, Shippo seldom doesn't.
    /// The shipment and not its list of rates, which tells neither whether it is complete nor what carriers said.
    /// </summary>
    private async Task<(ProviderResponse Response, ShippoShipment Shipment)> Rated(string id, long started, CancellationToken cancellation)
    {
        var timeout = options.TimeoutOf(ProviderOperations.Rates);
        var left = timeout - time.GetElapsedTime(started);
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            while (true)
            {
                await Task.Delay(LooksEvery, time, stop.Token);
                var response = await Send(HttpMethod.Get, $"/shipments/{Uri.EscapeDataString(id)}/", null, stop.Token);
                if (Shipment(response) is { IsUnderWay: false } rated)
                    return (response, rated);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ProviderException(Provider, ProviderOperations.Rates, FormattableString.Invariant($"no answer within {timeout.TotalSeconds} s."));
        }
    }

    private async Task<ProviderResponse> Send(HttpMethod method, string path, ShippoQuestion? question, CancellationToken cancellation)
    {
        using var message = http.Request(method, path, question, ProviderJson.SnakeCase);
        message.Headers.Authorization = new AuthenticationHeaderValue("ShippoToken", http.ApiKey);
        message.Headers.Add("SHIPPO-API-VERSION", ApiVersion);
        return await http.Send(ProviderOperations.Rates, message, cancellation);
    }

    private static ShippoShipment Shipment(ProviderResponse response) =>
        response.IsSuccess ? response.Read<ShippoShipment>(ProviderJson.SnakeCase) : throw response.Unexpected();

    private static ShippoPlace Place(Address address) => new(
        address.IsPostalCodeOnly() ? null : address.Line1, address.Line2, address.City, address.State, address.Zip, address.Country);

    /// <summary>
    /// Shippo wants a size, which the catalog doesn't know: a box of 4 cm³ a gram and no smaller than a letter. Carriers count from 5 cm³ a gram
    /// by volume, so that this one goes by its weight, as it does where no size is asked for.
    /// </summary>
    private static ShippoParcel Parcel(int grams)
    {
        var volume = 4L * grams;
        var edge = 1;
        while ((long)edge * edge * edge < volume)
            edge++;
        var (length, width) = (Math.Max(edge, 16), Math.Max(edge, 11));
        return new(Text(length), Text(width), Text(Math.Max((decimal)volume / (length * width), 1)), "cm", Text(grams), "g");
    }

    private static string Text(decimal size) => size.ToString("0.#", CultureInfo.InvariantCulture);
}
