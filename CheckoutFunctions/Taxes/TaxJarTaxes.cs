using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Taxes;

/// <summary>TaxJar: <c>POST /v2/taxes</c> calculates, <c>POST /v2/transactions/orders</c> and <c>/refunds</c> record.</summary>
public sealed partial class TaxJarTaxes([FromKeyedServices(TaxJarTaxes.Provider)] ProviderHttp http) : ITaxProvider
{
    public const string Provider = "TaxJar";
    public const string DefaultBaseUrl = "https://api.taxjar.com";

    public string Name => Provider;

    /// <summary>Without nexus there is nothing to collect: that zero is an answer.</summary>
    public async Task<TaxAnswer> Calculate(TaxRequest request, CancellationToken cancellation)
    {
        var response = await Send(ProviderOperations.Quote, HttpMethod.Post, "/v2/taxes", TaxJarWire.Question(request), cancellation);
        if (response.IsSuccess)
        {
            var tax = response.Read<TaxJarAnswer>(ProviderJson.SnakeCase).Tax;
            return new(response.Minor(tax.AmountToCollect, request.Currency)) { Rates = TaxJarRates.Of(request, tax) };
        }

        return response.Status == HttpStatusCode.BadRequest && AddressRefusal(response) is { } refusal ? new(0, refusal) : throw response.Unexpected();
    }

    public async Task Record(TaxDocument document, CancellationToken cancellation)
    {
        var response = await Send(ProviderOperations.Record, HttpMethod.Post, "/v2/transactions/orders", TaxJarWire.Order(document), cancellation);
        if (response.IsSuccess || (response.Status == HttpStatusCode.UnprocessableEntity && await IsRecorded(document, cancellation)))
            return;
        throw response.Unexpected();
    }

    /// <summary>The order as TaxJar has it says what was taxed, and with which codes.</summary>
    public async Task RecordRefund(TaxRefund refund, CancellationToken cancellation)
    {
        var shown = await Send(ProviderOperations.Retrieve, HttpMethod.Get, $"/v2/transactions/orders/{Uri.EscapeDataString(refund.OrderId)}", null, cancellation);
        if (!shown.IsSuccess)
            throw shown.Unexpected();
        var order = shown.Read<TaxJarOrderShown>(ProviderJson.SnakeCase).Order;
        var response = await Send(ProviderOperations.Refund, HttpMethod.Post, "/v2/transactions/refunds", TaxJarRefundWire.Refund(refund, order, shown), cancellation);
        if (response.IsSuccess || (response.Status == HttpStatusCode.UnprocessableEntity && await IsRecorded(refund, cancellation)))
            return;
        throw response.Unexpected();
    }

    private async Task<bool> IsRecorded(TaxRefund refund, CancellationToken cancellation)
    {
        var response = await Send(ProviderOperations.Retrieve, HttpMethod.Get, $"/v2/transactions/refunds/{Uri.EscapeDataString(refund.RefundId)}", null, cancellation);
        if (response.Status == HttpStatusCode.NotFound)
            return false;
        if (!response.IsSuccess)
            throw response.Unexpected();
        var recorded = response.Read<TaxJarRefundShown>(ProviderJson.SnakeCase).Refund;
        return recorded.TransactionId == refund.RefundId
            && recorded.TransactionReferenceId == refund.OrderId
            && response.Minor(-recorded.Amount, refund.Currency) == refund.Amount - refund.Tax
            && response.Minor(-recorded.SalesTax, refund.Currency) == refund.Tax;
    }

    /// <summary>A 422 may mean a transaction id that is taken, or anything else; only the order itself tells.</summary>
    private async Task<bool> IsRecorded(TaxDocument document, CancellationToken cancellation)
    {
        var response = await Send(ProviderOperations.Retrieve, HttpMethod.Get, $"/v2/transactions/orders/{Uri.EscapeDataString(document.OrderId)}", null, cancellation);
        if (response.Status == HttpStatusCode.NotFound)
            return false;
        if (!response.IsSuccess)
            throw response.Unexpected();
        var recorded = response.Read<TaxJarOrderAnswer>(ProviderJson.SnakeCase).Order;
        return recorded.TransactionId == document.OrderId
            && response.Minor(recorded.SalesTax, document.Taxed.Currency) == document.Tax;
    }

    private async Task<ProviderResponse> Send(string operation, HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = http.Request(method, path, body, ProviderJson.SnakeCase);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", http.ApiKey);
        request.Headers.Add("x-api-version", "2020-08-07");
        return await http.Send(operation, request, cancellation);
    }

    /// <summary>A detail about the buyer's address ("to_zip … is not used within to_state …") is a "no"; any other 400 is our mistake.</summary>
    private static string? AddressRefusal(ProviderResponse response) =>
        response.ReadError<TaxJarError>(ProviderJson.SnakeCase)?.Detail is { } detail && BuyersAddress().IsMatch(detail) ? detail : null;

    [GeneratedRegex(@"\bto_(?:zip|state|country|city|street)\b")]
    private static partial Regex BuyersAddress();
}
