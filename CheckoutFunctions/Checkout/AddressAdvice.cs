using CheckoutFunctions.Addresses;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Checkout;

/// <summary>What a verifier found, as a buyer reads it: in plain words, and with the field to look at.</summary>
public static class AddressAdvice
{
    private static readonly Dictionary<string, AddressPart> Parts = new(StringComparer.Ordinal)
    {
        ["street_number"] = new("house_number", "line1", "house number"),
        ["route"] = new("street", "line1", "street"),
        ["premise"] = new("building", "line1", "building"),
        ["point_of_interest"] = new("building", "line1", "building"),
        ["post_box"] = new("po_box", "line1", "P.O. box"),
        ["subpremise"] = new("unit", "line2", "apartment or unit number"),
        ["locality"] = new("city", "city", "city"),
        ["postal_town"] = new("city", "city", "city"),
        ["sublocality"] = new("city", "city", "city"),
        ["sublocality_level_1"] = new("city", "city", "city"),
        ["administrative_area_level_1"] = new("state", "state", "state"),
        ["administrative_area_level_2"] = new("state", "state", "state or county"),
        ["postal_code"] = new("postal_code", "zip", "postal code"),
        ["postal_code_suffix"] = new("postal_code", "zip", "postal code"),
        ["country"] = new("country", "country", "country"),
    };

    private static readonly AddressPart Other = new("part", "line1", "address");

    /// <summary>For an address that is taken: what to look at again.</summary>
    public static IReadOnlyList<SessionMessage> Messages(AddressCheck check) => check.Verdict switch
    {
        AddressVerdict.Confirm => [.. Confirm(check), .. Advice(check).Select(advice => new SessionMessage(MessageSeverity.Warning, advice.Code, advice.Text, $"/shipping_address/{advice.Field}"))],
        AddressVerdict.Unverified when check.Issues.Contains("unsupported:country") =>
            [new(MessageSeverity.Info, "address_unverified", "Addresses in this country can't be verified: please make sure that yours is right.", "/shipping_address")],
        AddressVerdict.Unverified => [new(MessageSeverity.Info, "address_unverified", "The address could not be verified just now.", "/shipping_address")],
        _ => [],
    };

    /// <summary>For an address that is refused: why.</summary>
    public static string Refusal(AddressCheck check) => string.Join(' ', Advice(check).Select(advice => advice.Text).Prepend("Mail can't be delivered to this address."));

    /// <summary>… and field by field, as the request had them.</summary>
    public static IReadOnlyList<AnswerError>? Errors(AddressCheck check) =>
        Advice(check).Select(advice => new AnswerError($"/{advice.Field}", advice.Text)).ToList() is { Count: > 0 } errors ? errors : null;

    private static IEnumerable<SessionMessage> Confirm(AddressCheck check)
    {
        if (check.Suggestion is not null)
            yield return new(MessageSeverity.Warning, "address_confirm", "Please check the address: the suggestion differs.", "/shipping_address");
        else if (check.Issues.Count == 0)
            yield return new(MessageSeverity.Warning, "address_confirm", "Please check the address: it could not be confirmed.", "/shipping_address");
    }

    /// <summary>One piece of advice for each part, the gravest: verifiers name what is missing first.</summary>
    private static IEnumerable<Advice> Advice(AddressCheck check) =>
        check.Issues.Select(issue => AdviceOn(issue, check.Suggestion)).OfType<Advice>().DistinctBy(advice => (advice.Part, advice.Field));

    private static Advice? AdviceOn(string issue, Address? suggestion)
    {
        var (kind, what) = issue.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? (issue[..colon], issue[(colon + 1)..]) : (issue, "");
        if (kind == "unresolved")
            return new("address_unclear", $"unclear {what}", "line1", $"We can't make sense of “{what}” in this address.");

        var part = Parts.GetValueOrDefault(what, Other);
        var written = Written(part, suggestion);
        return kind switch
        {
            "missing" when part.Name == "unit" => Say("missing", "This building has several units: please add the apartment or unit number."),
            "missing" => Say("missing", $"The {part.Word} is missing."),
            "unconfirmed" => Say("unconfirmed", $"We could not confirm the {part.Word}: please check it."),
            "replaced" => Say("replaced", $"The {part.Word} doesn't fit the rest of the address: {written ?? "please check it"}."),
            "spell_corrected" => Say("misspelled", $"The {part.Word} looks misspelled: {written ?? "please check it"}."),
            "inferred" => Say("inferred", $"The {part.Word} was not given: {written ?? "please add it"}."),
            "unexpected" => Say("unexpected", $"The {part.Word} is not expected in an address there: please check it."),
            _ => null,
        };

        Advice Say(string code, string text) => new($"address_{code}_{part.Name}", part.Name, part.Field, text);
    }

    /// <summary>How the verifier would write that field.</summary>
    private static string? Written(AddressPart part, Address? suggestion)
    {
        var value = part.Field switch
        {
            "line1" => suggestion?.Line1,
            "line2" => suggestion?.Line2,
            "city" => suggestion?.City,
            "state" => suggestion?.State,
            "zip" => suggestion?.Zip,
            _ => null,
        };
        return string.IsNullOrEmpty(value) ? null : $"we would write “{value}”";
    }
}

/// <param name="Name">As message codes have it.</param>
/// <param name="Field">Of our address.</param>
/// <param name="Word">As a buyer calls it.</param>
internal sealed record AddressPart(string Name, string Field, string Word);

internal sealed record Advice(string Code, string Part, string Field, string Text);
