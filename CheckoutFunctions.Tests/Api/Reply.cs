using System.Text.Json;

namespace CheckoutFunctions.Tests.Api;

/// <summary>An HTTP answer, read whole.</summary>
public sealed record Reply(int Status, string Body, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public override string ToString() => $"{Status} {Body}";

    public bool IsReplay => Headers.TryGetValue("Idempotent-Replayed", out var value) && value == "true";

    public JsonElement this[string name] => Json.GetProperty(name);

    public static async Task<Reply> Of(HttpResponseMessage response)
    {
        using (response)
        {
            return new(
                (int)response.StatusCode,
                await response.Content.ReadAsStringAsync(),
                response.Content.Headers.ContentType?.MediaType,
                response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));
        }
    }

    public string? Text(string name) => this[name].GetString();

    public long Number(string name) => this[name].GetInt64();

    public Reply Is(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Body}");
        return this;
    }

    /// <summary>A problem document as RFC 9457 and the contract have it, with this status and code.</summary>
    public Reply Refuses(int status, string code, string? pointer = null)
    {
        Is(status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal(code, Text("code"));
        Assert.Equal(status, this["status"].GetInt32());
        Assert.All(["type", "title", "detail"], name => Assert.False(string.IsNullOrWhiteSpace(Text(name)), $"'{name}' is empty: {Body}"));
        if (pointer is not null)
        {
            var errors = this["errors"].EnumerateArray().ToList();
            Assert.All(errors, error => Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("detail").GetString())));
            Assert.Contains(pointer, errors.Select(error => error.GetProperty("pointer").GetString()));
        }

        return this;
    }
}
