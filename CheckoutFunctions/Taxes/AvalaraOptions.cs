using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Taxes;

/// <summary>
/// The account and the company at AvaTax, and what our tax codes are called there. Settings <c>Avalara__AccountId</c>, <c>__CompanyCode</c> and
/// <c>__TaxCodes__{ours}</c>; the shipping's is <c>__TaxCodes__shipping</c>. The key, <c>Avalara__LicenseKey</c>, is the client's.
/// </summary>
public sealed class AvalaraOptions
{
    private const int LongestCode = 25;
    private const int LongestCompany = 50;

    private readonly Dictionary<string, string> taxCodes;

    private AvalaraOptions(string accountId, string companyCode, Dictionary<string, string> taxCodes) =>
        (AccountId, CompanyCode, this.taxCodes) = (accountId, companyCode, taxCodes);

    public string AccountId { get; }

    public string CompanyCode { get; }

    /// <summary>Shipping that no one told us more about.</summary>
    public string ShippingTaxCode => taxCodes.GetValueOrDefault(TaxRate.Shipping, "FR");

    /// <summary>
    /// AvaTax's code for one of ours. Its codes begin with a letter: what does, and isn't listed, is one already. Null is ordinary goods,
    /// taxed in full, which is also what becomes of a code that nobody listed: too much tax can be given back.
    /// </summary>
    public string? TaxCodeOf(string? ours) => ours is null ? null
        : taxCodes.TryGetValue(ours, out var theirs) ? theirs
        : char.IsAsciiLetter(ours.FirstOrDefault()) ? ours
        : null;

    /// <summary>Throws a sentence that names the setting at fault. A provider on this machine needs no account.</summary>
    internal static AvalaraOptions Read(IConfigurationSection section, Uri baseUrl)
    {
        var account = Required(section, "AccountId", "sandbox", baseUrl);
        if (account.Any(c => c is <= ' ' or > '~' or ':'))
            throw new InvalidOperationException("The setting Avalara__AccountId holds a character that no account has.");
        var company = Required(section, "CompanyCode", "DEFAULT", baseUrl);
        if (company.Length > LongestCompany)
            throw new InvalidOperationException($"The setting Avalara__CompanyCode is longer than {LongestCompany} characters.");
        return new(account, company, ReadTaxCodes(section.GetSection("TaxCodes")));
    }

    private static Dictionary<string, string> ReadTaxCodes(IConfigurationSection section)
    {
        var codes = section.GetChildren().ToDictionary(code => code.Key, code => code.Value?.Trim() ?? "", StringComparer.OrdinalIgnoreCase);
        return codes.FirstOrDefault(code => code.Value.Length is 0 or > LongestCode).Key is { } wrong
            ? throw new InvalidOperationException($"The setting Avalara__TaxCodes__{wrong} must be a tax code of 1 to {LongestCode} characters.")
            : codes;
    }

    private static string Required(IConfigurationSection section, string key, string sandbox, Uri baseUrl) =>
        section[key] is { Length: > 0 } value ? value.Trim()
        : baseUrl.IsLoopback ? sandbox
        : throw new InvalidOperationException($"The setting Avalara__{key} is missing: AvaTax at {baseUrl.Host} can't be called without it.");
}
