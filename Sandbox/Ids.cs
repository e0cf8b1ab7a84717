using System.Security.Cryptography;

namespace Sandbox;

/// <summary>Unguessable ids in the shapes that the providers give theirs.</summary>
internal static class Ids
{
    private const string Alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static string Letters(string prefix, int length) => prefix + RandomNumberGenerator.GetString(Alphanumeric, length);

    public static string Hex(string prefix, int length = 32) => prefix + RandomNumberGenerator.GetHexString(length, lowercase: true);
}
