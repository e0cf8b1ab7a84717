using System.Text.RegularExpressions;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Taxes;

/// <summary>What of AvaTax's answers is used.</summary>
internal static partial class AvalaraAnswers
{
    /// <summary>An address that can't be taxed has a code of its own, or is told in the words of a general error.</summary>
    private static readonly HashSet<string> AboutAddresses =
        new(["InvalidAddress", "InvalidPostalCode", "InvalidCountry", "InvalidCountryRegion", "JurisdictionNotFoundError"], StringComparer.Ordinal);

    /// <summary>Why the buyer's address can't be taxed; null where a 400 says something else, or finds fault with the shop's own address.</summary>
    public static string? AddressRefusal(ProviderResponse response)
    {
        if (response.ReadError<AvalaraFailure>(ProviderJson.CamelCase)?.Error is not { } error)
            return null;
        var details = error.Details ?? [];
        var texts = details.SelectMany(detail => new[] { detail.Description, detail.Message, detail.RefersTo }).Append(error.Message).OfType<string>().ToList();
        var isAddress = details.Select(detail => detail.Code).Append(error.Code).Any(code => code is not null
            && (AboutAddresses.Contains(code) || (code == "GetTaxError" && texts.Any(text => Place().IsMatch(text)))));
        return isAddress && !texts.Any(text => OurAddress().IsMatch(text)) ? texts.FirstOrDefault(text => text.Length > 0) ?? error.Code : null;
    }

    /// <summary>The rates of the lines that carry our numbers.</summary>
    public static IReadOnlyList<TaxRate> RatesOf(TaxRequest request, AvalaraTransaction answer)
    {
        var categories = request.Lines.Select((line, index) => (Number: AvalaraWire.Number(index), Category: TaxRate.CategoryOf(line)))
            .ToDictionary(line => line.Number, line => line.Category, StringComparer.Ordinal);
        var unit = Currencies.ToMajor(1, request.Currency);
        var parts = (answer.Lines ?? [])
            .Select(line => CategoryOf(line.LineNumber) is { } category ? new TaxedPart(category, line.LineAmount, line.Tax, Exact(line)) : null)
            .OfType<TaxedPart>();
        return TaxedPart.Rates(parts, rounding: unit * (1 + (answer.Lines ?? []).Select(line => line.Details?.Count ?? 0).DefaultIfEmpty().Max()));

        string? CategoryOf(string? number) => AvalaraWire.IsShipping(number) ? TaxRate.Shipping : categories.GetValueOrDefault(number ?? "");
    }

    /// <summary>Where the order was shipped from and to, as AvaTax keeps it.</summary>
    public static AvalaraAddresses AddressesOf(AvalaraTransaction order, ProviderResponse shown)
    {
        return new(Find(order.OriginAddressId), Find(order.DestinationAddressId));

        AvalaraAddress Find(long? id) => (order.Addresses ?? []).FirstOrDefault(address => address.Id == id) is { Country: { } country } found
            ? new(Text(found.Line1), Text(found.Line2), Text(found.City), Text(found.Region), country, Text(found.PostalCode))
            : throw shown.Malformed("addresses");
    }

    private static decimal Exact(AvalaraTaxedLine line) => line.Details?.Sum(detail => detail.Rate * detail.TaxableAmount) ?? line.Tax;

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;

    [GeneratedRegex(@"\b(?:zip|postal code|address|region)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    [GeneratedRegex(@"\bship ?from\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OurAddress();
}

internal sealed record AvalaraTransaction(
    decimal TotalTax, string? Code = null, string? Type = null, string? Status = null, string? Date = null, string? ReferenceCode = null,
    decimal? TotalAmount = null, string? TaxOverrideType = null, decimal? TaxOverrideAmount = null,
    long? OriginAddressId = null, long? DestinationAddressId = null,
    IReadOnlyList<AvalaraTaxedLine>? Lines = null, IReadOnlyList<AvalaraShownAddress>? Addresses = null);

internal sealed record AvalaraTaxedLine(
    decimal LineAmount, decimal Tax, string? LineNumber = null, string? TaxCode = null, string? ItemCode = null, string? Description = null,
    IReadOnlyList<AvalaraTaxDetail>? Details = null);

internal sealed record AvalaraTaxDetail(decimal Rate = 0, decimal TaxableAmount = 0);

internal sealed record AvalaraShownAddress(
    long Id = 0, string? Country = null, string? Line1 = null, string? Line2 = null, string? City = null, string? Region = null, string? PostalCode = null);

internal sealed record AvalaraFailure(AvalaraError? Error = null);

internal sealed record AvalaraError(string? Code = null, string? Message = null, IReadOnlyList<AvalaraErrorDetail>? Details = null);

internal sealed record AvalaraErrorDetail(string? Code = null, string? Message = null, string? Description = null, string? RefersTo = null);
