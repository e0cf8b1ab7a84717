using System.Globalization;

namespace CheckoutFunctions.Shipping;

/// <summary>One spelling for carriers and their services, whoever quotes them: rates that are the same must have the same id. What isn't known keeps its own name.</summary>
internal static class CarrierNames
{
    /// <summary>EasyPost's own accounts at a carrier go by names that buyers don't know.</summary>
    private static readonly Dictionary<string, string> Carriers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["USPS"] = "USPS",
        ["UPS"] = "UPS",
        ["UPSDAP"] = "UPS",
        ["FedEx"] = "FedEx",
        ["FedExDefault"] = "FedEx",
        ["DHLExpress"] = "DHLExpress",
        ["DHLExpressDefault"] = "DHLExpress",
    };

    /// <summary>By id: what one provider calls otherwise than the other, whose name we took. Where the words are the same (FEDEX_2_DAY, fedex_2_day) nothing is needed.</summary>
    private static readonly Dictionary<string, string> Services = new(StringComparer.Ordinal)
    {
        ["USPS_PriorityMail"] = "Priority",
        ["USPS_PriorityExpress"] = "Express",
        ["USPS_PriorityMailExpress"] = "Express",
        ["USPS_PriorityMailExpressInternational"] = "ExpressMailInternational",
        ["UPS_SecondDayAir"] = "2ndDayAir",
        ["UPS_SecondDayAirAM"] = "2ndDayAirAM",
        ["UPS_ThreeDaySelect"] = "3DaySelect",
        ["UPS_Standard"] = "UPSStandard",
        ["UPS_Saver"] = "UPSSaver",
        ["FedEx_HomeDelivery"] = "GroundHomeDelivery",
        ["DHLExpress_Worldwide"] = "ExpressWorldwide",
        ["DHLExpress_WorldwideDoc"] = "ExpressWorldwide",
        ["DHLExpress_WorldwideNonDoc"] = "ExpressWorldwideNonDoc",
    };

    public static string Carrier(string name)
    {
        var plain = string.Concat(name.Where(char.IsLetterOrDigit));
        return Carriers.GetValueOrDefault(plain, plain);
    }

    /// <summary>FEDEX_2_DAY and fedex_2_day → 2Day, STANDARD_OVERNIGHT → StandardOvernight; what is in PascalCase already (GroundAdvantage) stays.</summary>
    /// <param name="carrier">As <see cref="Carrier"/> spells it.</param>
    public static string Service(string carrier, string name)
    {
        var words = Words(name);
        var own = Enumerable.Range(1, Math.Max(0, words.Length - 1)).LastOrDefault(count => string.Concat(words[..count]).Equals(carrier, StringComparison.OrdinalIgnoreCase));
        var service = string.Concat(words[own..].Select(Pascal));
        return Services.GetValueOrDefault($"{carrier}_{service}", service);
    }

    private static string[] Words(string name) =>
        string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Pascal(string word) => word.ToUpperInvariant() switch
    {
        "AM" or "PM" => word.ToUpperInvariant(),
        "NONDOC" => "NonDoc",
        var upper when upper == word => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(word.ToLowerInvariant()),
        _ => char.ToUpperInvariant(word[0]) + word[1..],
    };
}
