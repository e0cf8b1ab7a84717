using System.Security.Cryptography;
using System.Text;

namespace CheckoutFunctions.Domain;

/// <summary>Ids and secrets that nobody guesses, and their hashes.</summary>
public static class Secrets
{
    /// <summary>128 random bits behind a prefix: <c>chk_…</c>.</summary>
    public static string NewId(string prefix) => prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static string NewSalt() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>A secret that the same key and salt give again, so that it needn't be stored.</summary>
    public static string Derive(string key, string salt) =>
        "cs_" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes(key)));

    public static string Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Takes the same time whether the first or the last character differs.</summary>
    public static bool Matches(string secret, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash));
}
