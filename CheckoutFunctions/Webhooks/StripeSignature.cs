using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CheckoutFunctions.Webhooks;

/// <summary>
/// Stripe's signature on a webhook, <c>t=…,v1=…</c>: v1 is the HMAC-SHA256 of "t.body" under the endpoint's secret. Checked by us and not by the SDK, which
/// reads the machine's clock, refuses events of other API versions, and would leave the default build checking with a stand-in.
/// </summary>
/// <param name="secrets">Several while a secret is exchanged: any may have signed.</param>
public sealed class StripeSignature(IReadOnlyList<string> secrets, TimeProvider clock)
{
    /// <summary>How far the signature's time may be from ours, either way: past it a recorded request can't be sent again.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public bool IsOn(ReadOnlyMemory<byte> body, string header)
    {
        var items = header.Split(',').Select(item => item.Trim().Split('=', 2)).Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1]);
        if (items["t"].FirstOrDefault() is not { } time || !IsNow(time))
            return false;

        var given = items["v1"].Select(Encoding.UTF8.GetBytes).ToList();
        return secrets.Any(secret => Sign(secret, time, body) is var expected && given.Any(signature => CryptographicOperations.FixedTimeEquals(signature, expected)));
    }

    private bool IsNow(string time) =>
        long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - seconds) <= (long)Tolerance.TotalSeconds;

    private static byte[] Sign(string secret, string time, ReadOnlyMemory<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(time + "."));
        hmac.AppendData(body.Span);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hmac.GetHashAndReset()));
    }
}
