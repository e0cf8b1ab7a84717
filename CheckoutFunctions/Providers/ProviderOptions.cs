using System.Globalization;
using CheckoutFunctions.Domain;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Providers;

/// <summary>
/// How one provider is reached. Settings <c>{Name}__BaseUrl</c>, <c>{Name}__ApiKey</c> (or what the provider calls its key), <c>{Name}__TimeoutSeconds</c>
/// (each operation), <c>{Name}__TimeoutSeconds__{operation}</c> (that one) and <c>{Name}__MaxConcurrentCalls</c>. A class, not a record: a record would print its key.
/// </summary>
public sealed class ProviderOptions
{
    private const int DefaultCalls = 32;

    private readonly Dictionary<string, double> seconds;
    private readonly IReadOnlyDictionary<string, TimeSpan> timeouts;

    private ProviderOptions(string name, Uri baseUrl, string apiKey, Dictionary<string, double> seconds, IReadOnlyDictionary<string, TimeSpan> timeouts) =>
        (Name, BaseUrl, ApiKey, this.seconds, this.timeouts) = (name, baseUrl, apiKey, seconds, timeouts);

    public string Name { get; }

    /// <summary>Without the API's version. The sandbox's has a path.</summary>
    public Uri BaseUrl { get; }

    public string ApiKey { get; }

    /// <summary>How many calls may be under way at once.</summary>
    public int MaxConcurrentCalls { get; private init; } = DefaultCalls;

    /// <summary>How long one attempt at an operation may take, its body included.</summary>
    public TimeSpan TimeoutOf(string operation) =>
        seconds.TryGetValue(operation, out var set) || seconds.TryGetValue("", out set) ? TimeSpan.FromSeconds(set)
        : timeouts.TryGetValue(operation, out var own) ? own
        : TimeSpan.FromSeconds(ProviderTimeouts.Seconds.GetValueOrDefault(operation, 3));

    /// <summary>Throws a sentence that names the setting at fault. <paramref name="timeouts"/> hold where no setting says otherwise.</summary>
    public static ProviderOptions Read(
        IConfiguration configuration, string name, string defaultBaseUrl, string keySetting = "ApiKey", IReadOnlyDictionary<string, TimeSpan>? timeouts = null)
    {
        var keyName = $"{name}__{keySetting}";
        var section = configuration.GetSection(name);
        var baseUrl = ReadBaseUrl(section["BaseUrl"] is { Length: > 0 } set ? set : defaultBaseUrl, name, keyName);
        var apiKey = section[keySetting] is { Length: > 0 } key ? key.Trim() : null;
        if (apiKey is null && !baseUrl.IsLoopback)
            throw new InvalidOperationException($"The setting {keyName} is missing: {name} at {baseUrl.Host} can't be called without a key.");
        VaultReference.RefuseUnresolved(keyName, apiKey);
        if (apiKey is not null && apiKey.Any(c => c is <= ' ' or > '~'))
            throw new InvalidOperationException($"The setting {keyName} holds a character that no key has.");
        return new(name, baseUrl, apiKey ?? "sandbox", ReadSeconds(section, name), timeouts ?? new Dictionary<string, TimeSpan>())
        {
            MaxConcurrentCalls = ReadCalls(section["MaxConcurrentCalls"], name),
        };
    }

    private static int ReadCalls(string? text, string name) => text is not { Length: > 0 } ? DefaultCalls
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var calls) && calls is >= 4 and <= 1000 ? calls
        : throw new InvalidOperationException($"The setting {name}__MaxConcurrentCalls must be a whole number of calls from 4 to 1000.");

    private static Uri ReadBaseUrl(string text, string name, string keyName)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            throw new InvalidOperationException($"The setting {name}__BaseUrl is not an http or https address.");
        if (url.UserInfo.Length + url.Query.Length + url.Fragment.Length > 0)
            throw new InvalidOperationException($"The setting {name}__BaseUrl may hold a host and a path only; a key belongs in {keyName}.");
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
            throw new InvalidOperationException($"The setting {name}__BaseUrl must be https: it would send the key and the buyer's address in clear.");
        return url;
    }

    private static Dictionary<string, double> ReadSeconds(IConfigurationSection section, string name)
    {
        var timeouts = section.GetSection("TimeoutSeconds");
        // A name that nobody asks by would leave the operation that was meant as it is.
        if (timeouts.GetChildren().FirstOrDefault(child => !ProviderTimeouts.Seconds.ContainsKey(child.Key)) is { Key: var unknown })
            throw new InvalidOperationException($"The setting {name}__TimeoutSeconds__{unknown} names no operation; known: {string.Join(", ", ProviderTimeouts.Seconds.Keys)}.");
        var found = timeouts.GetChildren().Select(child => (Operation: child.Key, child.Value)).Append((Operation: "", timeouts.Value));
        return found.Where(setting => setting.Value is not null).ToDictionary(
            setting => setting.Operation,
            setting => double.TryParse(setting.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0.01 and <= 600
                ? value
                : throw new InvalidOperationException(
                    $"The setting {name}__TimeoutSeconds{(setting.Operation.Length > 0 ? "__" + setting.Operation : "")} must be a number of seconds from 0.01 to 600."),
            StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>What is asked of providers, by the names that time-outs, faults and the sandbox use.</summary>
public static class ProviderOperations
{
    public const string Verify = "verify";
    public const string Rates = "rates";
    public const string Quote = "quote";
    public const string Record = "record";
    public const string Create = "create";
    public const string Confirm = "confirm";
    public const string Retrieve = "retrieve";
    public const string Search = "search";
    public const string Capture = "capture";
    public const string Cancel = "cancel";
    public const string Refund = "refund";
}
