using System.Text.Json;

namespace LocalHost.Management;

/// <summary>A stored payload as answers show it: JSON as JSON, anything else (a failed instance's output) as a text.</summary>
internal static class Payload
{
    public static JsonElement? Parse(string? stored)
    {
        if (stored is null)
            return null;

        try
        {
            using var document = JsonDocument.Parse(stored);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(stored);
        }
    }
}
