using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace LocalHost;

/// <summary>What the host sets for the app where nobody else did.</summary>
internal static class HostSettings
{
    public const string WebhookSecret = "Stripe:WebhookSecret";

    private static readonly string[] Providers = ["Google", "Shippo", "EasyPost", "Avalara", "TaxJar", "Stripe", "Braintree"];

    public static IEnumerable<KeyValuePair<string, string?>> For(IConfiguration settings, DataFolder data, Uri? sandbox)
    {
        var values = new Dictionary<string, string?>
        {
            // Empty: SQLite files in the data folder.
            ["Orders:ConnectionString"] = string.Empty,
            ["Sessions:ConnectionString"] = string.Empty,
            ["Idempotency:PurgeSchedule"] = "0 7 * * * *",
            ["Reconciliation:Schedule"] = "0 */15 * * * *",
            ["Reminders:Schedule"] = "30 */5 * * * *",
            ["Retention:Schedule"] = "0 23 * * * *",
        };
        if (sandbox is not null)
        {
            foreach (var provider in Providers)
                values[$"{provider}:BaseUrl"] = new Uri(sandbox, provider.ToLowerInvariant()).ToString();
            // The real Stripe has a secret of its own, which nobody can make up.
            if (string.IsNullOrEmpty(settings["Stripe:BaseUrl"]))
                values[WebhookSecret] = "whsec_" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        }

        return values.Where(value => string.IsNullOrEmpty(settings[value.Key])).Append(new("Data:Folder", data.Path));
    }
}
