using System.Text.Json;
using CheckoutFunctions.Tests.Api;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>
/// A storefront as a good one is written: every request that changes something has an Idempotency-Key, and one that dies with the shop
/// is sent again under it until it is answered. What it is told must never contradict what it was told before.
/// </summary>
internal sealed class PatientStorefront(Storefront shop, string name, Random chance)
{
    private readonly Dictionary<string, (long Version, string Body)> shown = [];
    private int sent;

    /// <summary>Requests that were under way when the shop was killed; not those that found it down.</summary>
    public int CutOff { get; private set; }

    /// <summary>Those of them that were to pay.</summary>
    public int PaymentsCutOff { get; private set; }

    /// <summary>Answers that were asked for a second time, and were the same.</summary>
    public int Repeated { get; private set; }

    public async Task<Reply> Send(HttpMethod method, string path, object? body, string? secret, string? key)
    {
        key ??= $"{name}-{++sent}";
        var reply = await Insist(method, path, body, secret, key);
        if (reply.Status != 202 && chance.Next(3) == 0)
        {
            var again = await Insist(method, path, body, secret, key);
            Assert.Equal((reply.Status, reply.Body), (again.Status, again.Body));
            Repeated++;
        }

        // What was answered is there to stay, whatever happened since.
        if (reply.Status < 300)
            await Look(reply.Text("checkout_id")!, secret ?? reply.Text("client_secret")!, reply.Number("version"));
        return reply;
    }

    /// <summary>The session, which never goes back.</summary>
    public async Task<Reply> Look(string checkoutId, string secret, long atLeast = 0)
    {
        var session = (await Answered(HttpMethod.Get, $"/api/checkout/{checkoutId}", null, secret, null)).Is(200);
        var (version, before) = (session.Number("version"), shown.GetValueOrDefault(checkoutId));
        Assert.True(version >= Math.Max(before.Version, atLeast), $"{checkoutId} went back from version {Math.Max(before.Version, atLeast)} to {version}.");
        if (version == before.Version)
            Assert.Equal(before.Body, session.Body);
        shown[checkoutId] = (version, session.Body);
        return session;
    }

    /// <summary>Asks for as long as the answer is that the shop is still working on it.</summary>
    private async Task<Reply> Insist(HttpMethod method, string path, object? body, string? secret, string key)
    {
        for (var ask = 0; ; ask++)
        {
            var reply = await Answered(method, path, body, secret, key);
            if (reply.Status != 202 || (IsPayment(path, body) && reply.Status() == "ACTION_REQUIRED"))
                return reply;
            Assert.True(ask < 10, $"{path} is worked on for ever: {reply.Body}");
        }
    }

    /// <summary>Only to this one "go to the bank" is an answer. To all others it is the session as it stands while the shop still works on them.</summary>
    private static bool IsPayment(string path, object? body) =>
        path.EndsWith("/complete", StringComparison.Ordinal) && JsonSerializer.SerializeToElement(body).TryGetProperty("payment_token", out _);

    private async Task<Reply> Answered(HttpMethod method, string path, object? body, string? secret, string? key)
    {
        while (true)
        {
            try
            {
                return await shop(method, path, body, secret, key);
            }
            catch (HttpRequestException died)
            {
                if (died.HttpRequestError != HttpRequestError.ConnectionError)
                    Count(path);
                await Task.Delay(20);
            }
        }
    }

    private void Count(string path)
    {
        CutOff++;
        if (path.EndsWith("/complete", StringComparison.Ordinal))
            PaymentsCutOff++;
    }
}
