using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Retention;

/// <summary>How long what is over is kept. Settings <c>Retention__…</c>, in days; null (0): for ever.</summary>
public sealed record RetentionOptions
{
    /// <summary>Reconciliation looks back eight days, and to whoever started a checkout before those.</summary>
    private const int FewestDays = 10;

    /// <summary>Sessions with their answers, and the orchestrations' histories, from their end on.</summary>
    public TimeSpan? Checkouts { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Messages that kept failing, once they are done with.</summary>
    public TimeSpan? Poison { get; init; } = TimeSpan.FromDays(90);

    /// <summary>That an e-mail was sent; not the e-mail.</summary>
    public TimeSpan? Emails { get; init; } = TimeSpan.FromDays(90);

    internal static RetentionOptions Read(IConfigurationSection section)
    {
        var defaults = new RetentionOptions();
        return new()
        {
            Checkouts = Days(section, "CheckoutDays", defaults.Checkouts),
            Poison = Days(section, "PoisonDays", defaults.Poison),
            Emails = Days(section, "EmailDays", defaults.Emails),
        };
    }

    private static TimeSpan? Days(IConfigurationSection section, string name, TimeSpan? otherwise) => section[name] switch
    {
        null or "" => otherwise,
        "0" => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= FewestDays and <= 36_500 => TimeSpan.FromDays(days),
        _ => throw new InvalidOperationException($"The setting Retention__{name} must be a number of days, at least {FewestDays}, or 0 to keep for ever."),
    };
}
