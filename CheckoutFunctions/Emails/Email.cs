using System.Net.Mail;

namespace CheckoutFunctions.Emails;

/// <summary>Which e-mail it is: of a kind (<c>receipt</c>), about one subject (an order's id). There is at most one of each.</summary>
public sealed record EmailKey
{
    public EmailKey(string kind, string subjectId)
    {
        // They are part of a header and of a file's name.
        if (!IsPlain(kind) || !IsPlain(subjectId))
            throw new ArgumentException($"'{kind}' and '{subjectId}' can't name an e-mail: letters, digits, - and _ can.");
        (Kind, SubjectId) = (kind, subjectId);
    }

    public string Kind { get; }

    public string SubjectId { get; }

    public override string ToString() => $"{Kind}.{SubjectId}";

    private static bool IsPlain(string text) => text.Length is > 0 and <= 200 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}

/// <summary>One e-mail to one person, in plain text.</summary>
public sealed record Email
{
    public Email(string to, string subject, string text, params IReadOnlyList<EmailAttachment> attachments)
    {
        // As the checkout takes addresses: one, without a name, and nothing that a header could go on with.
        if (to.Any(char.IsControl) || !MailAddress.TryCreate(to, out var parsed) || parsed.Address != to)
            throw new ArgumentException("The recipient is not an e-mail address.", nameof(to));
        (To, Text, Attachments) = (to, text, attachments);
        Subject = string.Concat(subject.Select(c => char.IsControl(c) ? ' ' : c));
    }

    public string To { get; }

    /// <summary>Of one line, whatever was given.</summary>
    public string Subject { get; }

    public string Text { get; }

    public IReadOnlyList<EmailAttachment> Attachments { get; }
}

public sealed record EmailAttachment(string FileName, string ContentType, byte[] Content);
