using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandbox.Google;

/// <summary>A review on the wire, in proto3's JSON: what is false or empty isn't there.</summary>
internal static class GoogleJson
{
    private const string Confirmed = "CONFIRMED";
    private const string Plausible = "UNCONFIRMED_BUT_PLAUSIBLE";
    private const string Suspicious = "UNCONFIRMED_AND_SUSPICIOUS";

    public static JsonObject Of(AddressReview review)
    {
        var components = Components(review).ToArray();
        var address = new JsonObject
        {
            ["formattedAddress"] = string.Join(", ", new[] { review.Street.Text, review.Given.Unit, review.City, $"{review.State} {Zip9(review)}".Trim(), Country(review) }.Where(part => !string.IsNullOrEmpty(part))),
            ["postalAddress"] = PostalAddress(review),
            ["addressComponents"] = new JsonArray([.. components]),
        };
        AddTypes(address, "missingComponentTypes", review.Missing);
        AddTypes(address, "unconfirmedComponentTypes", components.Where(part => part.Text("confirmationLevel") != Confirmed).Select(part => part.Text("componentType")!));
        var result = new JsonObject { ["verdict"] = Verdict(review, components), ["address"] = address };
        if (review.Us)
            result["uspsData"] = UspsData(review);
        return result;
    }

    private static JsonObject Verdict(AddressReview review, JsonObject[] components)
    {
        var unit = review.Given.Unit is not null || review.Street.Unit is not null;
        var found = !review.Fix ? (unit ? "SUB_PREMISE" : "PREMISE") : review.Missing.Contains("street_number") ? "ROUTE" : "OTHER";
        var verdict = new JsonObject
        {
            ["inputGranularity"] = review.Missing.Contains("street_number") ? "ROUTE" : unit ? "SUB_PREMISE" : "PREMISE",
            ["validationGranularity"] = found,
            ["geocodeGranularity"] = found == "SUB_PREMISE" ? "PREMISE" : found,
        };
        AddIf(verdict, "addressComplete", !review.Missing.Any());
        AddIf(verdict, "hasUnconfirmedComponents", components.Any(part => part.Text("confirmationLevel") != Confirmed));
        AddIf(verdict, "hasInferredComponents", components.Any(part => part.ContainsKey("inferred")));
        AddIf(verdict, "hasReplacedComponents", components.Any(part => part.ContainsKey("replaced")));
        AddIf(verdict, "hasSpellCorrectedComponents", components.Any(part => part.ContainsKey("spellCorrected")));
        verdict["possibleNextAction"] = review.NextAction;
        return verdict;
    }

    private static IEnumerable<JsonObject> Components(AddressReview review)
    {
        var street = review.StreetDoubtful ? Suspicious : review.Fix ? Plausible : Confirmed;
        var place = review.ZipDoubtful ? Plausible : Confirmed;
        if (review.Street.Number is { } number)
            yield return Component("street_number", number, street);
        yield return Component(review.Street.PoBox ? "post_box" : "route", review.Street.Route, street, spellCorrected: review.Street.Corrected);
        if ((review.Street.Unit ?? review.Given.Unit) is { } unit)
            yield return Component("subpremise", unit, street);
        if (review.City is { } city)
            yield return Component("locality", city, place, inferred: review.CityInferred);
        if (review.State is { } state)
            yield return Component("administrative_area_level_1", state, place, inferred: review.Given.State is null);
        if (review.Zip is { } zip)
            yield return Component("postal_code", review.Us ? zip.Split('-')[0] : zip, review.ZipDoubtful ? Suspicious : Confirmed, inferred: review.ZipInferred, replaced: review.ZipReplaced);
        yield return Component("country", Country(review), Confirmed);
        if (Suffix(review) is { } suffix)
            yield return Component("postal_code_suffix", suffix, Confirmed, inferred: review.Given.Zip?.EndsWith($"-{suffix}", StringComparison.Ordinal) is not true);
    }

    private static JsonObject Component(string type, string text, string level, bool inferred = false, bool replaced = false, bool spellCorrected = false)
    {
        var name = new JsonObject { ["text"] = text };
        if (!char.IsAsciiDigit(text[0]))
            name["languageCode"] = "en";
        var component = new JsonObject { ["componentName"] = name, ["componentType"] = type, ["confirmationLevel"] = level };
        AddIf(component, "inferred", inferred);
        AddIf(component, "replaced", replaced);
        AddIf(component, "spellCorrected", spellCorrected);
        return component;
    }

    private static JsonObject PostalAddress(AddressReview review)
    {
        var address = new JsonObject { ["regionCode"] = review.Given.Region, ["languageCode"] = "en" };
        if (Zip9(review) is { Length: > 0 } zip)
            address["postalCode"] = zip;
        if (review.State is { } state)
            address["administrativeArea"] = state;
        if (review.City is { } city)
            address["locality"] = city;
        var lines = review.Given.Unit is { } unit ? new[] { review.Street.Text, unit } : [review.Street.Text];
        address["addressLines"] = new JsonArray([.. lines.Select(line => (JsonNode)line)]);
        return address;
    }

    private static JsonObject UspsData(AddressReview review)
    {
        var (city, state, zip) = (review.City?.ToUpperInvariant(), review.State, Zip9(review));
        var standardized = new JsonObject
        {
            ["firstAddressLine"] = string.Join(' ', new[] { review.Street.Text, review.Given.Unit }.Where(part => !string.IsNullOrEmpty(part))).ToUpperInvariant(),
        };
        if ($"{city} {state} {zip}".Trim() is { Length: > 0 } line)
            standardized["cityStateZipAddressLine"] = line;
        foreach (var (name, value) in new[] { ("city", city), ("state", state), ("zipCode", review.Zip?.Split('-')[0]), ("zipCodeExtension", Suffix(review)) })
        {
            if (!string.IsNullOrEmpty(value))
                standardized[name] = value;
        }

        return new()
        {
            ["standardizedAddress"] = standardized,
            ["dpvConfirmation"] = review.Fix ? "N" : review.UnitMissing ? "D" : "Y",
            ["dpvFootnote"] = review.Fix ? "AAM3" : review.UnitMissing ? "AAN1" : "AABB",
            ["addressRecordType"] = "S",
        };
    }

    private static string Zip9(AddressReview review) => Suffix(review) is { } suffix ? $"{review.Zip!.Split('-')[0]}-{suffix}" : review.Zip ?? "";

    // The four digits that a deliverable US address has: those given, or always the same for the same street.
    private static string? Suffix(AddressReview review)
    {
        if (!review.Us || review.Fix || review.Zip is null)
            return null;
        if (review.Zip.Split('-') is [_, var given])
            return given;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(review.Street.Text.ToUpperInvariant()));
        return (1000 + (BitConverter.ToUInt16(hash) % 9000)).ToString(CultureInfo.InvariantCulture);
    }

    private static string Country(AddressReview review) => review.Given.Region switch
    {
        "US" => "USA",
        "CA" => "Canada",
        "GB" => "United Kingdom",
        var region => region,
    };

    private static void AddIf(JsonObject json, string name, bool value)
    {
        if (value)
            json[name] = true;
    }

    private static void AddTypes(JsonObject address, string name, IEnumerable<string> types)
    {
        var array = new JsonArray([.. types.Select(type => (JsonNode)type)]);
        if (array.Count > 0)
            address[name] = array;
    }
}
