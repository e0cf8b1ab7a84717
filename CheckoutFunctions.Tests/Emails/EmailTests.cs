using CheckoutFunctions.Emails;
using CheckoutFunctions.Tests.Providers;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace CheckoutFunctions.Tests.Emails;

public sealed class EmailTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("outbox-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("ada@example.com\r\nBcc: eve@example.com")]
    [InlineData("ada@example.com\n")]
    [InlineData("ada@example.com, eve@example.com")]
    [InlineData("Ada <ada@example.com>")]
    [InlineData("ada@example.com>\r\nDATA")]
    [InlineData("ada")]
    [InlineData("")]
    public void Who_gets_it_is_one_address_and_nothing_else(string to) => Assert.Throws<ArgumentException>(() => new Email(to, "Hello", "Hello"));

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a\r\nBcc: eve@example.com")]
    [InlineData("a@b")]
    [InlineData("")]
    public void What_it_is_about_is_a_plain_id(string subject) => Assert.Throws<ArgumentException>(() => new EmailKey("receipt", subject));

    [Fact]
    public async Task A_subject_can_not_become_a_header()
    {
        var mail = await Deliver(new("ada@example.com", "Your order\r\nBcc: eve@example.com", "Thank you."));

        Assert.Empty(mail.Bcc);
        Assert.Equal("Your order  Bcc: eve@example.com", mail.Subject);
        Assert.Single(mail.GetRecipients());
    }

    [Fact]
    public async Task A_file_is_a_mail_that_mail_programs_open()
    {
        var mail = await Deliver(new("ada@example.com", "Reçu – 領収書", "Merci ✓", new EmailAttachment("receipt.pdf", "application/pdf", [0, 255, 10, 13])));

        Assert.Equal("Reçu – 領収書", mail.Subject);
        Assert.Equal("Merci ✓", mail.TextBody!.TrimEnd());
        Assert.Equal("reminder.chk_1@tea.example", mail.MessageId);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        using var content = new MemoryStream();
        ((MimePart)Assert.Single(mail.Attachments)).Content!.DecodeTo(content);
        Assert.Equal([0, 255, 10, 13], content.ToArray());
    }

    [Fact]
    public async Task A_repeat_replaces_its_file()
    {
        await Deliver(new("ada@example.com", "First", "1"));
        var mail = await Deliver(new("ada@example.com", "Second", "2"));

        Assert.Equal("Second", mail.Subject);
        Assert.Equal("reminder.chk_1.eml", Assert.Single(folder.GetFiles()).Name);
    }

    [Fact]
    public async Task The_log_says_once_where_the_files_are()
    {
        var log = new LogLines();
        var mailer = Mailer(log);

        await mailer.Send(new("receipt", "ord_1"), new("ada@example.com", "1", "1"), default);
        await mailer.Send(new("receipt", "ord_2"), new("ada@example.com", "2", "2"), default);

        Assert.Contains(folder.FullName, Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    private FolderMailer Mailer(LogLines log)
    {
        using var factory = new LoggerFactory([log]);
        var sender = new EmailSender(new MailboxAddress("Tea shop", "orders@tea.example"), TimeProvider.System);
        return new(folder.FullName, sender, factory.CreateLogger<FolderMailer>());
    }

    private async Task<MimeMessage> Deliver(Email email)
    {
        await Mailer(new()).Send(new("reminder", "chk_1"), email, default);
        return await MimeMessage.LoadAsync(Path.Combine(folder.FullName, "reminder.chk_1.eml"));
    }
}
