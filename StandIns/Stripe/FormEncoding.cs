#nullable disable

using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Stripe;

/// <summary>Options as Stripe reads them: <c>metadata[key]=value&amp;expand[0]=latest_charge</c>. What is null isn't sent.</summary>
internal static class FormEncoding
{
    public static string Encode(BaseOptions options) => options is null
        ? ""
        : string.Join('&', Flatten("", options).Select(pair => $"{Escape(pair.Key)}={Escape(pair.Value)}"));

    private static IEnumerable<KeyValuePair<string, string>> Flatten(string name, object value) => value switch
    {
        null => [],
        string text => [new(name, text)],
        bool flag => [new(name, flag ? "true" : "false")],
        IAnyOf either => Flatten(name, either.Value),
        DateTime time => [new(name, new DateTimeOffset(time.ToUniversalTime()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))],
        IDictionary map => map.Keys.Cast<string>().SelectMany(key => Flatten(Inside(name, key), map[key])),
        IList list => list.Cast<object>().SelectMany((item, index) => Flatten(Inside(name, index.ToString(CultureInfo.InvariantCulture)), item)),
        IFormattable number => [new(name, number.ToString(null, CultureInfo.InvariantCulture))],
        _ => Fields(value).SelectMany(field => Flatten(Inside(name, field.Name), field.Value)),
    };

    private static IEnumerable<(string Name, object Value)> Fields(object options) =>
        from property in options.GetType().GetProperties()
        let name = property.GetCustomAttribute<JsonPropertyNameAttribute>()
        where name is not null
        select (name.Name, property.GetValue(options));

    private static string Inside(string outer, string name) => outer.Length == 0 ? name : $"{outer}[{name}]";

    // Stripe.net leaves the brackets of names as they are.
    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%5B", "[").Replace("%5D", "]");
}
