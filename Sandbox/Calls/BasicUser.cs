using System.Text;

namespace Sandbox.Calls;

/// <summary>The user of HTTP basic authentication: where some providers take their key.</summary>
internal static class BasicUser
{
    public static string? Of(string? credentials)
    {
        var bytes = new byte[credentials?.Length ?? 0];
        return Convert.TryFromBase64String(credentials ?? "", bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length).Split(':')[0]
            : null;
    }
}
