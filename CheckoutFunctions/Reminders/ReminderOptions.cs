using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Reminders;

/// <summary>When buyers who left are reminded, and where they go on. Settings <c>Reminders__After</c>, <c>Shop__CheckoutUrl</c>.</summary>
/// <param name="After">How long nothing must have happened; zero: nobody is reminded.</param>
/// <param name="CheckoutUrl">The shop's page for a checkout, with <c>{id}</c> in it; null: nobody is reminded.</param>
public sealed record ReminderOptions(TimeSpan After, string? CheckoutUrl)
{
    private const string Id = "{id}";

    internal bool IsOn => After > TimeSpan.Zero && CheckoutUrl is not null;

    /// <summary>
    /// A page of the shop, which has the checkout's secret from when it was begun: in the buyer's browser, or with the account. The link itself opens nothing,
    /// so that an e-mail in the wrong hands gives nothing away.
    /// </summary>
    internal string LinkTo(string checkoutId) => CheckoutUrl!.Replace(Id, Uri.EscapeDataString(checkoutId), StringComparison.Ordinal);

    internal static ReminderOptions Read(IConfiguration configuration)
    {
        var after = Silence(configuration["Reminders:After"]);
        if (configuration["Shop:CheckoutUrl"] is not { Length: > 0 } url)
            return new(after, null);
        return url.Contains(Id, StringComparison.Ordinal) && Uri.TryCreate(url.Replace(Id, "id", StringComparison.Ordinal), UriKind.Absolute, out var page) && (page.Scheme is "https" or "http")
            ? new(after, url)
            : throw new InvalidOperationException($"The setting Shop__CheckoutUrl must be a page's address with {Id} in it, such as https://shop.example/checkout?checkout={Id}.");
    }

    private static TimeSpan Silence(string? text) => text switch
    {
        null => TimeSpan.FromHours(1),
        "" or "0" => TimeSpan.Zero,
        _ when TimeSpan.TryParseExact(text, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out var after) => after,
        _ => throw new InvalidOperationException("The setting Reminders__After must be hours:minutes:seconds below a day, such as 01:00:00, or 0 for no reminders."),
    };
}
