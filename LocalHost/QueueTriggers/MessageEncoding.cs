using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LocalHost.QueueTriggers;

/// <summary>How a message's text stands on the queue: host.json's <c>messageEncoding</c>.</summary>
internal sealed class MessageEncoding
{
    public static readonly MessageEncoding Base64 = new();
    public static readonly MessageEncoding None = new();

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private MessageEncoding()
    {
    }

    public static MessageEncoding Of(HostJson host) => host.MessagesAreBase64 ? Base64 : None;

    public string Encode(string text) => this == None ? text : Convert.ToBase64String(Strict.GetBytes(text));

    /// <returns>False where it isn't Base64 of UTF-8 text.</returns>
    public bool TryDecode(string body, [NotNullWhen(true)] out string? text)
    {
        text = this == None ? body : null;
        try
        {
            text ??= Strict.GetString(Convert.FromBase64String(body));
            return true;
        }
        catch (Exception exception) when (exception is FormatException or DecoderFallbackException)
        {
            return false;
        }
    }
}
