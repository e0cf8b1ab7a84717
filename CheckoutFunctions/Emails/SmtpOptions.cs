using System.Globalization;
using CheckoutFunctions.Domain;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Emails;

/// <summary>The mail server. Settings <c>Smtp__…</c>.</summary>
/// <param name="StartTls">Encrypted after a greeting in the clear (RFC 3207), or not at all: a server without it is refused. Port 465 is encrypted from the first byte (RFC 8314).</param>
public sealed record SmtpOptions(string Host, int Port, string? Username, string? Password, bool StartTls, TimeSpan Timeout)
{
    private const int MostSeconds = 20;

    /// <summary>Bad settings throw a sentence, which never holds the password.</summary>
    internal static SmtpOptions Read(IConfigurationSection section)
    {
        var port = Number(section, "Port", 587, 65535);
        var startTls = section["StartTls"] is not { Length: > 0 } text || (bool.TryParse(text, out var flag) ? flag
            : throw new InvalidOperationException("The setting Smtp__StartTls must be true or false."));
        var (username, password) = (section["Username"], section["Password"]);
        VaultReference.RefuseUnresolved("Smtp__Password", password);
        if (username is { Length: > 0 } != password is { Length: > 0 })
            throw new InvalidOperationException("The settings Smtp__Username and Smtp__Password go together: set both or neither.");
        if (password is { Length: > 0 } && !startTls && port != ImplicitTlsPort)
            throw new InvalidOperationException("With Smtp__StartTls=false the Smtp__Password would go over the network in the clear.");
        return new(
            section["Host"]!, port, username is { Length: > 0 } ? username : null, password, startTls,
            TimeSpan.FromSeconds(Number(section, "TimeoutSeconds", 15, MostSeconds)));
    }

    internal const int ImplicitTlsPort = 465;

    private static int Number(IConfigurationSection section, string key, int otherwise, int most) =>
        section[key] is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number
        : throw new InvalidOperationException($"The setting Smtp__{key} must be a whole number from 1 to {most}.");
}
