using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LocalHost.HttpTriggers;

/// <summary>The one key that opens every function above <see cref="AuthorizationLevel.Anonymous"/>.</summary>
internal sealed record OperatorKey(string Value)
{
    public static string NewValue() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Looks at the header <c>x-functions-key</c>, and at <c>?code=</c> only where there is no such header.</summary>
    public bool Opens(HttpRequest request)
    {
        var given = request.Headers.TryGetValue("x-functions-key", out var header) ? header : request.Query["code"];
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given.ToString()), Encoding.UTF8.GetBytes(Value));
    }
}
