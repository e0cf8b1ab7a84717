using System.Net.Http.Json;
using System.Text.Json;

namespace CheckoutFunctions.Tests.Api;

/// <summary>A payment as the sandbox's ledger states it, in minor units.</summary>
public sealed record LedgerPayment(string Id, string? Reference, long Amount, string Currency, string State, long Captured, long Refunded)
{
    /// <summary>What the buyer is out of: held or taken.</summary>
    public long Taken => State == "authorized" ? Amount : Captured - Refunded;
}

/// <summary>The providers from their own side: what they hold, and how they fail.</summary>
public sealed class Providers(Uri sandbox) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly HttpClient http = new() { BaseAddress = sandbox };

    /// <summary>The payments of a checkout that reached the card network.</summary>
    public async Task<IReadOnlyList<LedgerPayment>> Payments(Shopper shopper) =>
        (await Payments()).Where(payment => payment.Reference == shopper.Id).ToList();

    public async Task<IReadOnlyList<LedgerPayment>> Payments() => (await Ledger()).GetProperty("payments").Deserialize<List<LedgerPayment>>(Json)!;

    public async Task<long> Calls(string operation) =>
        (await Ledger()).GetProperty("calls").TryGetProperty(operation, out var count) ? count.GetInt64() : 0;

    /// <summary>Waits until this operation was asked for.</summary>
    public async Task WereCalled(string operation)
    {
        for (var look = 0; await Calls(operation) == 0; look++)
        {
            Assert.True(look < 1000, $"{operation} was never called.");
            await Task.Delay(10);
        }
    }

    public async Task<JsonElement> Ledger() => await http.GetFromJsonAsync<JsonElement>("/_sandbox/ledger");

    /// <summary>Exactly the grand total was taken, once.</summary>
    public async Task WerePaidOnce(Shopper shopper, long total)
    {
        var taken = Assert.Single(await Payments(shopper), payment => payment.Taken != 0);
        Assert.Equal(("captured", total, "USD"), (taken.State, taken.Captured, taken.Currency));
    }

    public async Task HoldNothing(Shopper shopper) =>
        Assert.All(await Payments(shopper), payment => Assert.True(payment.Taken == 0, $"Money is held or taken: {payment}"));

    public async Task Fail(string provider, string operation, string kind, int times = 1, int delayMs = 0)
    {
        using var answer = await http.PostAsJsonAsync("/_sandbox/faults", new { provider, operation, kind, times, delay_ms = delayMs });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task Recover() => (await http.DeleteAsync("/_sandbox/faults")).Dispose();

    /// <summary>The buyer answers the bank's question; the payment's id is in its client secret.</summary>
    public async Task Authenticate(Reply actionRequired, string outcome)
    {
        var secret = actionRequired["payment"].GetProperty("action").GetProperty("client_secret").GetString()!;
        using var answer = await http.PostAsync($"/stripe/3ds/{secret[..secret.IndexOf("_secret", StringComparison.Ordinal)]}?outcome={outcome}", null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => http.Dispose();
}
