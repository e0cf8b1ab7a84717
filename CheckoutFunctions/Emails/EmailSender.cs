using CheckoutFunctions.Domain;
using Microsoft.Extensions.Configuration;
using MimeKit;

namespace CheckoutFunctions.Emails;

/// <summary>In whose name e-mails go out, and how one looks on the wire (RFC 5322).</summary>
public sealed class EmailSender(MailboxAddress from, TimeProvider clock)
{
    /// <summary>Never a real domain: what is written to files without a sender's address goes nowhere.</summary>
    private const string Nobody = "shop@shop.invalid";

    internal MimeMessage Write(EmailKey key, Email email)
    {
        var body = new BodyBuilder { TextBody = email.Text };
        foreach (var attachment in email.Attachments)
            body.Attachments.Add(attachment.FileName, attachment.Content, ContentType.Parse(attachment.ContentType));
        return new MimeMessage
        {
            From = { from },
            To = { new MailboxAddress(null, email.To) },
            Subject = email.Subject,
            Date = clock.GetUtcNow(),
            MessageId = $"{key}@{from.Domain}",
            // RFC 3834: no out-of-office notes in reply.
            Headers = { { "Auto-Submitted", "auto-generated" } },
            Body = body.ToMessageBody(),
        };
    }

    /// <summary><c>Smtp__From</c>, an address or <c>Tea shop &lt;orders@tea.example&gt;</c>; else <c>Shop__Email</c>.</summary>
    internal static MailboxAddress Read(IConfiguration configuration)
    {
        var (name, text) = configuration["Smtp:From"] is { Length: > 0 } set ? ("Smtp__From", set) : ("Shop__Email", configuration["Shop:Email"]);
        if (text is not { Length: > 0 })
        {
            text = configuration["Smtp:Host"] is not { Length: > 0 } ? Nobody
                : throw new InvalidOperationException("The setting Smtp__From is missing: in whose name does the shop send e-mails?");
        }

        if (text.Any(char.IsControl) || !MailboxAddress.TryParse(text, out var from) || from.Domain is not { Length: > 0 })
            throw new InvalidOperationException($"The setting {name} must be an e-mail address such as orders@shop.example.");
        return from.Name is { Length: > 0 } ? from : new MailboxAddress(configuration["Shop:Name"] ?? new ShopOptions().Name, from.Address);
    }
}
