using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sandbox;

namespace CheckoutFunctions.Tests.Sandbox;

/// <summary>A sandbox on a free port, and the calls that a shop makes on it over HTTP.</summary>
internal sealed class Providers(SandboxApp app) : IAsyncDisposable
{
    public HttpClient Http { get; } = new() { BaseAddress = new Uri(app.BaseAddress) };

    public static async Task<Providers> Start(string? folder = null, TimeProvider? time = null) =>
        new(await SandboxApp.Start(new() { Port = 0, DataFolder = folder, Time = time ?? TimeProvider.System }));

    public async Task<Reply> Stripe(string path, IDictionary<string, string>? form = null, string? key = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, $"/stripe/v1/{path}");
        request.Headers.Authorization = new("Bearer", "sk_test_123");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (form is not null)
            request.Content = new FormUrlEncodedContent(form);
        return await Send(request);
    }

    public Task<Reply> StripeGet(string path) => Stripe(path, method: HttpMethod.Get);

    /// <summary>Creates an intent of 41.00 USD for manual capture.</summary>
    public Task<Reply> Create(string token, string? key = null, bool confirm = false, params (string Name, string Value)[] more)
    {
        var form = new Dictionary<string, string>
        {
            ["amount"] = "4100",
            ["currency"] = "usd",
            ["payment_method"] = token,
            ["capture_method"] = "manual",
            ["payment_method_types[]"] = "card",
            ["metadata[checkout_id]"] = "chk_1",
        };
        if (confirm)
            form["confirm"] = "true";
        foreach (var (name, value) in more)
            form[name] = value;
        return Stripe("payment_intents", form, key);
    }

    public async Task<string> Authorized(string token = "pm_card_visa") => (await Create(token, confirm: true)).Text("id");

    public Task<Reply> TaxJar(HttpMethod method, string path, object? body = null) =>
        Json(method, $"/taxjar/v2/{path}", new("Bearer", "token"), body);

    public Task<Reply> Avalara(HttpMethod method, string path, object? body = null) => Json(
        method, $"/avalara/api/v2/{path}", new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("account:license"))), body);

    public Task<Reply> EasyPost(string path, object? body) => Json(
        HttpMethod.Post, $"/easypost/{path}", new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("EZTK_test:"))), body);

    public Task<Reply> Shippo(HttpMethod method, string path, object? body = null) => Json(method, $"/shippo/{path}", new("ShippoToken", "shippo_test_1"), body);

    public Task<Reply> Google(object body, string query = "?key=test") => Json(HttpMethod.Post, $"/google/v1:validateAddress{query}", null, body);

    public Task<Reply> Fault(object fault) => Json(HttpMethod.Post, "/_sandbox/faults", null, fault);

    public async Task<JsonElement> Ledger() => await Http.GetFromJsonAsync<JsonElement>("/_sandbox/ledger");

    public async Task<JsonElement> Payment(string id) =>
        (await Ledger()).GetProperty("payments").EnumerateArray().Single(payment => payment.GetProperty("id").GetString() == id);

    public async Task<Reply> Json(HttpMethod method, string path, AuthenticationHeaderValue? authorization, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = authorization;
        if (body is not null)
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return await Send(request);
    }

    public async Task<Reply> Send(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return new((int)response.StatusCode, response.Headers.ToDictionary(header => header.Key, header => header.Value.First(), StringComparer.OrdinalIgnoreCase), await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}

internal sealed record Reply(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json { get; } = Body.StartsWith('{') && IsJson(Body) ? JsonSerializer.Deserialize<JsonElement>(Body) : default;

    /// <summary>The value at a dotted path, as text.</summary>
    public string Text(string path) => At(path).ToString();

    public long Number(string path) => At(path).GetInt64();

    public JsonElement At(string path) => path.Split('.').Aggregate(Json, (json, name) => json.GetProperty(name));

    public bool Has(string path)
    {
        var json = Json;
        return path.Split('.').All(name => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out json));
    }

    private static bool IsJson(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
