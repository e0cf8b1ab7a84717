using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Azure.Data.Tables;

/// <summary>Entities as the Table service writes them: types that JSON doesn't have are named beside the value.</summary>
internal static class TableJson
{
    private const string TypeSuffix = "@odata.type";

    public static string Write(ITableEntity entity)
    {
        var json = new JsonObject();
        foreach (var (name, value) in (IDictionary<string, object>)entity)
        {
            if (name is nameof(ITableEntity.Timestamp) or "odata.etag" || value is null)
                continue;
            var (written, type) = Write(value);
            json[name] = written;
            if (type is not null)
                json[name + TypeSuffix] = type;
        }

        return json.ToJsonString();
    }

    public static TableEntity Read(JsonElement json)
    {
        var entity = new TableEntity();
        foreach (var property in json.EnumerateObject().Where(property => !property.Name.Contains("odata.", StringComparison.Ordinal)))
        {
            var type = json.TryGetProperty(property.Name + TypeSuffix, out var named) ? named.GetString() : null;
            if (Read(property.Value, type) is { } value)
                entity[property.Name] = value;
        }

        if (json.TryGetProperty("odata.etag", out var etag))
            entity.ETag = new(etag.GetString()!);
        if (entity.TryGetValue(nameof(ITableEntity.Timestamp), out var timestamp) && timestamp is string text)
            entity.Timestamp = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        return entity;
    }

    private static (JsonNode Value, string? Type) Write(object value) => value switch
    {
        string text => (text, null),
        bool yes => (yes, null),
        int number => (number, null),
        double number => (number, "Edm.Double"),
        long number => (number.ToString(CultureInfo.InvariantCulture), "Edm.Int64"),
        DateTimeOffset time => (time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), "Edm.DateTime"),
        Guid id => (id.ToString(), "Edm.Guid"),
        byte[] bytes => (Convert.ToBase64String(bytes), "Edm.Binary"),
        _ => throw new NotSupportedException($"A table holds no {value.GetType()}."),
    };

    private static object? Read(JsonElement value, string? type) => (value.ValueKind, type) switch
    {
        (JsonValueKind.Null, _) => null,
        (JsonValueKind.True or JsonValueKind.False, _) => value.GetBoolean(),
        (_, "Edm.Int64") => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        (_, "Edm.DateTime") => DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        (_, "Edm.Guid") => Guid.Parse(value.GetString()!),
        (_, "Edm.Binary") => value.GetBytesFromBase64(),
        (JsonValueKind.Number, "Edm.Double") => value.GetDouble(),
        (JsonValueKind.Number, _) => value.TryGetInt32(out var whole) ? (object)whole : value.GetDouble(),
        _ => value.GetString(),
    };
}
