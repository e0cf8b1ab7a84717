using System.Text.Json.Nodes;

namespace Sandbox.Google;

/// <summary>The address as it was asked about. <paramref name="Street"/> is the first line; <paramref name="Unit"/> the second.</summary>
internal sealed record GivenAddress(string Region, IReadOnlyList<string> Lines, string? City, string? State, string? Zip)
{
    public string Street => Lines[0];

    public string? Unit => Lines.Count > 1 ? string.Join(", ", Lines.Skip(1)) : null;

    public int Length => Lines.Sum(line => line.Length) + (City?.Length ?? 0) + (State?.Length ?? 0) + (Zip?.Length ?? 0);

    public static GivenAddress Read(JsonObject address) => new(
        address.Text("regionCode")?.ToUpperInvariant() ?? "US",
        [.. (address.Array("addressLines") ?? []).OfType<JsonValue>().Select(line => line.ToString().Trim()).Where(line => line.Length > 0)],
        address.Text("locality"),
        address.Text("administrativeArea")?.ToUpperInvariant(),
        address.Text("postalCode"));
}
