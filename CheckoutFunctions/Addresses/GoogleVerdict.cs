using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Addresses;

/// <summary>What Google's answer means to a checkout.</summary>
internal static class GoogleVerdict
{
    private const string Subpremise = "subpremise";

    public static AddressCheck Of(GoogleAnswer answer, Address typed)
    {
        var verdict = NextAction(answer.Result);
        return new(verdict, Suggestion(answer.Result, typed), Issues(answer.Result, verdict, typed), answer.ResponseId is { Length: > 0 } id ? id : null);
    }

    private static AddressVerdict NextAction(GoogleResult result) => result.Verdict.PossibleNextAction switch
    {
        "ACCEPT" => AddressVerdict.Accepted,
        "CONFIRM" or "CONFIRM_ADD_SUBPREMISES" => AddressVerdict.Confirm,
        "FIX" => AddressVerdict.Fix,
        _ => Derived(result), // older answers have none
    };

    private static AddressVerdict Derived(GoogleResult result) => result switch
    {
        { Verdict.ValidationGranularity: null or "GRANULARITY_UNSPECIFIED" or "OTHER" or "ROUTE" or "BLOCK" } => AddressVerdict.Fix,
        { Address.UnresolvedTokens.Count: > 0 } => AddressVerdict.Fix,
        { Verdict.AddressComplete: false } when !LacksOnlySubpremise(result) => AddressVerdict.Fix,
        { Verdict: { AddressComplete: true, HasUnconfirmedComponents: false, HasReplacedComponents: false }, UspsData: null or { DpvConfirmation: null or "" or "Y" } }
            when !Components(result).Any(Changed) => AddressVerdict.Accepted,
        _ => AddressVerdict.Confirm,
    };

    private static bool LacksOnlySubpremise(GoogleResult result) => result.Address?.MissingComponentTypes is [Subpremise];

    /// <summary>Built from the answer where the verifier changed more than spelling out a ZIP+4; keeps the buyer's name.</summary>
    private static Address? Suggestion(GoogleResult result, Address typed)
    {
        if (!result.Verdict.HasReplacedComponents && !Components(result).Any(Changed))
            return null;
        var written = result.Address?.PostalAddress ?? FromUsps(result.UspsData?.StandardizedAddress);
        if (written?.AddressLines is not [var line1, ..] lines)
            return null;

        var suggestion = new Address(
            typed.Name,
            line1,
            lines.Count > 1 ? string.Join(", ", lines.Skip(1)) : null,
            written.Locality,
            written.AdministrativeArea,
            Zip(written.PostalCode, typed.Zip),
            written.RegionCode ?? typed.Country);
        return suggestion == typed ? null : suggestion;
    }

    private static GooglePostalAddress? FromUsps(GoogleUspsAddress? usps) => usps?.FirstAddressLine is null ? null : new(
        null,
        [.. new[] { usps.FirstAddressLine, usps.SecondAddressLine }.OfType<string>()],
        usps.City,
        usps.State,
        usps.ZipCode);

    /// <summary>94043-1351 is no news to a buyer who typed 94043.</summary>
    private static string? Zip(string? written, string? typed) =>
        typed is { Length: 5 } && written?.StartsWith(typed + "-", StringComparison.Ordinal) == true ? typed : written;

    private static List<string> Issues(GoogleResult result, AddressVerdict verdict, Address typed)
    {
        var components = Components(result);
        var missing = Missing(result, verdict, typed);
        var unconfirmed = components.Where(component => component.ConfirmationLevel is "UNCONFIRMED_BUT_PLAUSIBLE" or "UNCONFIRMED_AND_SUSPICIOUS");
        return [.. Labelled("missing", missing)
            .Concat(Labelled("unconfirmed", Types(unconfirmed).Concat(result.Address?.UnconfirmedComponentTypes ?? []).Concat(DoubtfulUnit(result, verdict))))
            .Concat(Labelled("replaced", Types(components.Where(component => component.Replaced))))
            .Concat(Labelled("spell_corrected", Types(components.Where(component => component.SpellCorrected))))
            .Concat(Labelled("inferred", Types(components.Where(component => component.Inferred && !IsZipSuffix(component)))))
            .Concat(Labelled("unexpected", Types(components.Where(component => component.Unexpected))))
            .Concat(Labelled("unresolved", result.Address?.UnresolvedTokens ?? []))
            .Distinct()];
    }

    /// <summary>What Google lists as missing, and what it only shows to be: a unit, or, in an address that can't be found, the place that nobody named.</summary>
    private static IEnumerable<string> Missing(GoogleResult result, AddressVerdict verdict, Address typed)
    {
        foreach (var type in result.Address?.MissingComponentTypes ?? [])
            yield return type;
        if (result.Verdict.PossibleNextAction == "CONFIRM_ADD_SUBPREMISES" || (verdict != AddressVerdict.Accepted && result.UspsData?.DpvConfirmation == "D"))
            yield return Subpremise;
        if (verdict != AddressVerdict.Fix || typed.Country is not ("US" or "PR" or "CA"))
            yield break;
        if (string.IsNullOrEmpty(typed.City) && Components(result).All(component => component.ComponentType != "locality"))
            yield return "locality";
        if (string.IsNullOrEmpty(typed.Zip) && Components(result).All(component => component.ComponentType != "postal_code"))
            yield return "postal_code";
    }

    /// <summary>The postal service delivers to the building, and doesn't know that unit in it.</summary>
    private static IEnumerable<string> DoubtfulUnit(GoogleResult result, AddressVerdict verdict) =>
        verdict != AddressVerdict.Accepted && result.UspsData?.DpvConfirmation == "S" ? [Subpremise] : [];

    private static IReadOnlyList<GoogleComponent> Components(GoogleResult result) => result.Address?.AddressComponents ?? [];

    private static bool Changed(GoogleComponent component) =>
        (component.Inferred || component.Replaced || component.SpellCorrected) && !IsZipSuffix(component);

    private static bool IsZipSuffix(GoogleComponent component) => component.ComponentType == "postal_code_suffix";

    private static IEnumerable<string> Types(IEnumerable<GoogleComponent> components) => components.Select(component => component.ComponentType);

    private static IEnumerable<string> Labelled(string label, IEnumerable<string> what) => what.Select(one => $"{label}:{one}");
}
