using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Sandbox.Stripe;

/// <summary>Parameters as Stripe takes them: form fields (or a query) with brackets, <c>metadata[checkout_id]=…</c>, <c>expand[]=…</c>.</summary>
internal sealed class StripeForm
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> fields;

    private StripeForm(IEnumerable<KeyValuePair<string, StringValues>> fields) =>
        this.fields = [.. fields.SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? "")))];

    public static async Task<StripeForm> Read(HttpRequest request, CancellationToken cancellation) =>
        new(HttpMethods.IsGet(request.Method) ? request.Query
            : request.HasFormContentType ? await request.ReadFormAsync(cancellation)
            : [])
        {
            ApiVersion = request.Headers["Stripe-Version"].FirstOrDefault(),
        };

    /// <summary>The <c>Stripe-Version</c> that the request asks for: some defaults depend on it.</summary>
    public string? ApiVersion { get; private init; }

    /// <summary>The same for the same parameters, in whatever order they were sent.</summary>
    public string Fingerprint => string.Join('&',
        fields.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}").Order(StringComparer.Ordinal));

    public IEnumerable<string> Expand => fields.Where(pair => Root(pair.Key) == "expand").Select(pair => pair.Value);

    public void AllowOnly(params string[] names)
    {
        if (fields.Select(field => Root(field.Key)).FirstOrDefault(name => name != "expand" && !names.Contains(name)) is { } unknown)
            throw StripeRefusal.Invalid("parameter_unknown", $"Received unknown parameter: {unknown}", unknown);
    }

    public void AllowOnlyBelow(string root, params string[] names)
    {
        if (Below(root).Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw StripeRefusal.Invalid("parameter_unknown", $"Received unknown parameter: {root}[{unknown}]", $"{root}[{unknown}]");
    }

    public bool Has(string root) => fields.Any(field => Root(field.Key) == root);

    public string? Text(string name)
    {
        var index = fields.ToList().FindLastIndex(field => field.Key == name);
        if (index < 0)
            return null;
        return fields[index].Value.Length > 0
            ? fields[index].Value
            : throw StripeRefusal.Invalid("parameter_invalid_empty", $"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; however '{name}' cannot be unset.", name);
    }

    public string? OneOf(string name, params string[] values) => Text(name) is not { } text || values.Contains(text)
        ? Text(name)
        : throw StripeRefusal.Invalid(null, $"Invalid {name}: must be one of {string.Join(", ", values)}", name);

    public bool? Boolean(string name) => OneOf(name, "true", "false") is { } text ? text == "true" : null;

    public long? Integer(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw StripeRefusal.Invalid("parameter_invalid_integer", $"Invalid integer: {text}", name);
    }

    /// <summary>The fields below a name: <c>metadata[a]=1</c> gives a → 1.</summary>
    public Dictionary<string, string> Below(string root) => fields
        .Where(field => field.Key.StartsWith(root + "[", StringComparison.Ordinal) && field.Key.EndsWith(']'))
        .GroupBy(field => field.Key[(root.Length + 1)..^1])
        .ToDictionary(group => group.Key, group => group.Last().Value);

    public Dictionary<string, string> Metadata()
    {
        var metadata = Below("metadata");
        if (metadata.Count > 50)
            throw StripeRefusal.Invalid(null, "You can have up to 50 metadata keys.", "metadata");
        if (metadata.Keys.FirstOrDefault(key => key.Length > 40) is { } name)
            throw StripeRefusal.Invalid(null, $"Metadata keys can be at most 40 characters long. Invalid key: {name}.", "metadata");
        if (metadata.FirstOrDefault(pair => pair.Value.Length > 500).Key is { } key)
            throw StripeRefusal.Invalid(null, $"Metadata values can have up to 500 characters, but you passed in a value that is longer. Invalid value for key: {key}.", $"metadata[{key}]");
        return metadata;
    }

    private static string Root(string name) => name.Split('[', 2)[0];
}
