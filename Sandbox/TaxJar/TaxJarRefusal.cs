using Microsoft.AspNetCore.WebUtilities;
using Sandbox.Calls;

namespace Sandbox.TaxJar;

/// <summary>TaxJar's error: status, its reason phrase, and a detail.</summary>
internal sealed class TaxJarRefusal(int status, string detail) : Exception(detail)
{
    public static TaxJarRefusal Missing(string field) => new(406, $"{field} is missing");

    public static TaxJarRefusal Bad(string detail) => new(400, detail);

    public Answer Answer() => Calls.Answer.Of(status, new { status, error = ReasonPhrases.GetReasonPhrase(status), detail = Message });
}
