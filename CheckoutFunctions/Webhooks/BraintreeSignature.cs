using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CheckoutFunctions.Webhooks;

/// <summary>
/// Braintree's signature on a webhook: pairs of a public key and the HMAC-SHA1 of the payload under the SHA1 of its private key. It holds no time, so
/// a recorded request can be sent again: that only makes a checkout ask Braintree once more.
/// </summary>
/// <param name="publicKey">Without both keys everything is refused.</param>
public sealed partial class BraintreeSignature(string? publicKey, string? privateKey)
{
    public bool IsOn(string payload, string header)
    {
        if (publicKey is null || privateKey is null)
            return false;

        var given = header.Split('&').Select(pair => pair.Split('|')).Where(pair => pair.Length == 2 && pair[0] == publicKey).Select(pair => Encoding.UTF8.GetBytes(pair[1])).ToList();
        // Braintree ends the payload with a line break, which some proxies take away.
        return IsSigned(payload) || IsSigned(payload + "\n");

        bool IsSigned(string text) => Encoding.ASCII.GetBytes(Sign(text)) is var expected && given.Any(signature => CryptographicOperations.FixedTimeEquals(signature, expected));
    }

    /// <summary>Shows Braintree, which asks when the destination is entered, that the keys are here. Null: not a challenge. A payload can't pass for one.</summary>
    public string? AnswerTo(string challenge) => publicKey is not null && privateKey is not null && Challenge().IsMatch(challenge) ? $"{publicKey}|{Sign(challenge)}" : null;

#pragma warning disable CA5350 // Braintree's own choice, and still sound for a keyed hash.
    private string Sign(string text) => Convert.ToHexStringLower(HMACSHA1.HashData(SHA1.HashData(Encoding.UTF8.GetBytes(privateKey!)), Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350

    [GeneratedRegex(@"\A[0-9a-f]{20,32}\z")]
    private static partial Regex Challenge();
}
