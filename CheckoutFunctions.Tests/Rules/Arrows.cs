using System.Text.RegularExpressions;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>Which folder of CheckoutFunctions may know which. A folder that isn't listed is a violation: whoever adds one decides here.</summary>
internal static class Arrows
{
    private static readonly string[] Capability = ["Domain", "Providers", "Database"];

    private static readonly string[] Everything =
    [
        "Domain", "Providers", "Database", "Addresses", "Shipping", "Taxes", "Payments", "Inventory", "Orders", "Discounts", "Emails", "Receipts", "Sessions", "Checkout", "Refunds", "Webhooks", "Reconciliation", "Reminders", "Retention", "Estimates", "Api", "Operations",
    ];

    public static IReadOnlyDictionary<string, string[]> Allowed { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Domain"] = [],
        ["Providers"] = ["Domain"],
        ["Database"] = ["Domain"],
        ["Addresses"] = Capability,
        ["Shipping"] = Capability,
        ["Taxes"] = Capability,
        ["Payments"] = Capability,
        ["Inventory"] = Capability,
        ["Orders"] = Capability,
        ["Discounts"] = Capability,
        ["Emails"] = Capability,
        ["Receipts"] = ["Domain", "Providers", "Database", "Shipping", "Orders", "Sessions", "Emails"],
        // The session document shows addresses' verdicts and rates.
        ["Sessions"] = ["Domain", "Database", "Addresses", "Shipping"],
        ["Checkout"] = ["Domain", "Sessions", "Addresses", "Shipping", "Taxes", "Payments", "Inventory", "Orders", "Discounts"],
        ["Refunds"] = ["Domain", "Sessions", "Taxes", "Payments", "Inventory", "Orders", "Checkout"],
        // An inbox of its own, and an event to the checkout that a payment belongs to.
        ["Webhooks"] = ["Domain", "Database", "Payments", "Sessions", "Checkout"],
        ["Reconciliation"] = ["Domain", "Database", "Sessions", "Payments", "Inventory", "Orders", "Discounts", "Checkout", "Refunds"],
        // Prices a cart as the checkout does, beside it.
        ["Estimates"] = ["Domain", "Sessions", "Shipping", "Taxes", "Discounts", "Checkout"],
        ["Reminders"] = ["Domain", "Sessions", "Emails"],
        ["Retention"] = ["Domain", "Database", "Sessions", "Orders", "Checkout", "Refunds", "Emails", "Receipts", "Reminders"],
        ["Api"] = Everything,
        ["Operations"] = Everything,
        [""] = Everything,
    };

    /// <summary>A sentence for each arrow that must not be: the file, and the folder that it names.</summary>
    public static IEnumerable<string> Violations(IEnumerable<SourceFile> sources)
    {
        foreach (var source in sources)
        {
            if (!Allowed.TryGetValue(source.Folder, out var allowed))
            {
                yield return $"{source.Path} is in {source.Folder}/, which has no line in Arrows.cs.";
                continue;
            }

            foreach (var named in Named(source).Where(named => named != source.Folder && !allowed.Contains(named)))
                yield return $"{source.Path} knows {named}/, which {(source.Folder.Length == 0 ? "the top" : source.Folder + "/")} must not.";
        }
    }

    /// <summary>Folders that a file names: in a <c>using</c>, by full name, or, as we are all inside CheckoutFunctions, by the last part alone.</summary>
    private static IEnumerable<string> Named(SourceFile source) =>
        Everything.Where(folder => Regex.IsMatch(source.Code, $@"\bCheckoutFunctions\.{folder}\b|(?<![\w.""/]){folder}\.[A-Z]"));
}
