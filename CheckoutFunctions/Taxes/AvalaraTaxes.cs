using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Taxes;

/// <summary>
/// Avalara AvaTax: <c>POST /api/v2/transactions/create</c> calculates (SalesOrder, nothing kept), records (SalesInvoice, committed) and takes back
/// (ReturnInvoice). A document's code is our order's or refund's id: a code is committed once.
/// </summary>
public sealed class AvalaraTaxes(
    [FromKeyedServices(AvalaraTaxes.Provider)] ProviderHttp http, AvalaraOptions options, TimeProvider time, ILogger<AvalaraTaxes> logger) : ITaxProvider
{
    public const string Provider = "Avalara";
    public const string DefaultBaseUrl = "https://rest.avatax.com";

    private const string Committed = "Committed";

    public string Name => Provider;

    public async Task<TaxAnswer> Calculate(TaxRequest request, CancellationToken cancellation)
    {
        var response = await Create(ProviderOperations.Quote, AvalaraWire.Estimate(request, options, time.GetUtcNow()), cancellation);
        if (response.IsSuccess)
        {
            var answer = response.Read<AvalaraTransaction>(ProviderJson.CamelCase);
            return new(response.Minor(answer.TotalTax, request.Currency)) { Rates = AvalaraAnswers.RatesOf(request, answer) };
        }

        return response.Status == HttpStatusCode.BadRequest && AvalaraAnswers.AddressRefusal(response) is { } refusal ? new(0, refusal) : throw response.Unexpected();
    }

    public Task Record(TaxDocument document, CancellationToken cancellation) =>
        Keep(ProviderOperations.Record, AvalaraWire.Invoice(document, options), cancellation);

    /// <summary>AvaTax's own refund call knows whole lines and percentages only, and ours is any amount: so a return of its own, taxed as we refunded.</summary>
    public async Task RecordRefund(TaxRefund refund, CancellationToken cancellation)
    {
        var shown = await Get("SalesInvoice", refund.OrderId, cancellation);
        if (!shown.IsSuccess)
            throw shown.Unexpected();
        var order = shown.Read<AvalaraTransaction>(ProviderJson.CamelCase);
        if (order.Status != Committed)
            throw new ProviderException(Provider, ProviderOperations.Refund, $"order {refund.OrderId} is {order.Status}, not {Committed}.");
        if (order.Lines is not { Count: > 0 } lines)
            throw shown.Malformed("lines");

        var weights = lines.Select(line => shown.Minor(line.LineAmount, refund.Currency)).ToList();
        await Keep(ProviderOperations.Refund, AvalaraWire.Return(refund, order, AvalaraAnswers.AddressesOf(order, shown), weights, options), cancellation);
    }

    private async Task Keep(string operation, AvalaraDocument document, CancellationToken cancellation)
    {
        var response = await Create(operation, document, cancellation);
        if (response.IsSuccess)
        {
            Check(operation, document, response.Read<AvalaraTransaction>(ProviderJson.CamelCase));
            return;
        }

        // A 400 may mean a code that is committed, or anything else; only the document itself tells.
        if (response.Status != HttpStatusCode.BadRequest || !await IsKept(document, cancellation))
            throw response.Unexpected();
    }

    /// <summary>An override is done as far as possible: where it isn't, the document stands, and operators learn of it.</summary>
    private void Check(string operation, AvalaraDocument document, AvalaraTransaction kept)
    {
        if (kept.Status != Committed)
            throw new ProviderException(Provider, operation, $"{document.Code} was kept as {kept.Status}, not {Committed}.");
        if (kept.TotalTax != document.TaxOverride!.TaxAmount)
            logger.LogWarning("AvaTax has {Code} with a tax of {Kept} {Currency}, not the {Charged} that changed hands", document.Code, kept.TotalTax, document.CurrencyCode, document.TaxOverride.TaxAmount);
    }

    private async Task<bool> IsKept(AvalaraDocument document, CancellationToken cancellation)
    {
        var response = await Get(document.Type, document.Code!, cancellation);
        if (response.Status == HttpStatusCode.NotFound)
            return false;
        if (!response.IsSuccess)
            throw response.Unexpected();
        var kept = response.Read<AvalaraTransaction>(ProviderJson.CamelCase);
        var tax = document.TaxOverride!.TaxAmount;
        return kept.Code == document.Code
            && kept.Status == Committed
            && kept.TotalAmount == document.Lines.Sum(line => line.Amount)
            && (kept.TotalTax == tax || (kept.TaxOverrideType == "TaxAmount" && kept.TaxOverrideAmount == tax))
            && (document.ReferenceCode is null || kept.ReferenceCode == document.ReferenceCode);
    }

    private Task<ProviderResponse> Create(string operation, AvalaraDocument document, CancellationToken cancellation) =>
        Send(operation, HttpMethod.Post, "/api/v2/transactions/create", document, cancellation);

    private Task<ProviderResponse> Get(string type, string code, CancellationToken cancellation) => Send(
        ProviderOperations.Retrieve,
        HttpMethod.Get,
        $"/api/v2/companies/{Uri.EscapeDataString(options.CompanyCode)}/transactions/{Uri.EscapeDataString(code)}?documentType={type}",
        null,
        cancellation);

    private async Task<ProviderResponse> Send(string operation, HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = http.Request(method, path, body, ProviderJson.CamelCase);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.AccountId}:{http.ApiKey}")));
        request.Headers.Add("X-Avalara-Client", "CheckoutFunctions; 1.0; HttpClient; 1.0; checkout");
        return await http.Send(operation, request, cancellation);
    }
}
