namespace CheckoutFunctions.Tests;

/// <summary>
/// A test that needs something which isn't on every machine. Absent, it is reported as skipped with the reason,
/// unless CHECKOUT_TESTS_REQUIRE=all (CI), where it runs and fails.
/// </summary>
public abstract class NeedsAttribute : FactAttribute
{
    protected NeedsAttribute(bool present, string reason)
    {
        if (!present && Environment.GetEnvironmentVariable("CHECKOUT_TESTS_REQUIRE") != "all")
            Skip = reason;
    }
}

/// <summary>Replays providers' recorded responses from the folder that CHECKOUT_CONTRACTS names.</summary>
public sealed class RecordedFactAttribute() : NeedsAttribute(Recordings.Folder is not null, "CHECKOUT_CONTRACTS names no folder of recorded provider responses.");

public static class Recordings
{
    public static string? Folder { get; } =
        Environment.GetEnvironmentVariable("CHECKOUT_CONTRACTS") is { Length: > 0 } folder && Directory.Exists(folder) ? folder : null;

    /// <summary>The recording's whole file: <c>_meta</c>, <c>request</c>, <c>response</c> { status, headers, json }.</summary>
    public static System.Text.Json.JsonElement Read(string provider, string fixture)
    {
        var folder = Folder ?? throw new InvalidOperationException("CHECKOUT_CONTRACTS names no folder of recorded provider responses.");
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, provider, "fixtures", fixture + ".json")));
        return document.RootElement.Clone();
    }
}
