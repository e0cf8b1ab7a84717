using System.Net.Security;
using CheckoutFunctions.Emails;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace CheckoutFunctions.Tests.Emails;

public sealed class SmtpMailerTests
{
    private static readonly EmailKey Key = new("receipt", "ord_1");

    private static readonly Email Receipt = new("ada@example.com", "Your receipt", "Thank you.", new EmailAttachment("receipt.pdf", "application/pdf", [1, 2, 3]));

    [Fact]
    public async Task A_mail_goes_out_encrypted_and_signed_in()
    {
        await using var server = new SmtpServer();

        await Mailer(server).Send(Key, Receipt, default);

        var verbs = server.Lines.Select(line => line.Split(' ')[0]);
        Assert.Equal(["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"], verbs);
        Assert.Contains("RCPT TO:<ada@example.com>", server.Lines);
        var mail = Parse(Assert.Single(server.Mails));
        Assert.Equal("receipt.ord_1@tea.example", mail.MessageId);
        Assert.Equal("\"Tea shop\" <orders@tea.example>", mail.From.ToString());
        Assert.Equal("Your receipt", mail.Subject);
        Assert.Equal("Thank you.", mail.TextBody!.TrimEnd());
        var attachment = Assert.IsType<MimePart>(Assert.Single(mail.Attachments));
        Assert.Equal("receipt.pdf", attachment.FileName);
        using var content = new MemoryStream();
        attachment.Content!.DecodeTo(content);
        Assert.Equal([1, 2, 3], content.ToArray());
    }

    [Fact]
    public async Task A_server_that_does_not_encrypt_gets_neither_password_nor_mail()
    {
        await using var server = new SmtpServer { OffersTls = false };

        await Assert.ThrowsAsync<NotSupportedException>(() => Mailer(server).Send(Key, Receipt, default));

        Assert.DoesNotContain(server.Lines, line => line.StartsWith("AUTH", StringComparison.Ordinal) || line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        await using var server = new SmtpServer();

        await Assert.ThrowsAsync<SslHandshakeException>(() => Mailer(server, trusted: false).Send(Key, Receipt, default));

        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_wrong_password_is_a_failure_that_does_not_repeat_it()
    {
        await using var server = new SmtpServer();

        var failure = await Assert.ThrowsAsync<AuthenticationException>(() => Mailer(server, password: "hunter2").Send(Key, Receipt, default));

        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_that_refuses_the_recipient_is_a_failure()
    {
        await using var server = new SmtpServer { Recipient = "550 5.1.1 No such user" };

        var failure = await Assert.ThrowsAsync<SmtpCommandException>(() => Mailer(server).Send(Key, Receipt, default));

        Assert.Contains("No such user", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_not_waited_for()
    {
        await using var server = new SmtpServer { Hangs = true };

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => Mailer(server, timeout: TimeSpan.FromMilliseconds(200)).Send(Key, Receipt, default));

        Assert.StartsWith("The mail server 127.0.0.1:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_failure()
    {
        var server = new SmtpServer();
        var mailer = Mailer(server);
        await server.DisposeAsync();

        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => mailer.Send(Key, Receipt, default));
    }

    [Fact]
    public async Task Taken_or_not_a_server_that_breaks_off_is_a_failure()
    {
        await using var server = new SmtpServer { BreaksOff = true };

        await Assert.ThrowsAnyAsync<Exception>(() => Mailer(server).Send(Key, Receipt, default));

        Assert.Single(server.Mails);
    }

    private static SmtpMailer Mailer(SmtpServer server, bool trusted = true, string password = "pass", TimeSpan? timeout = null) => new(
        new SmtpOptions("127.0.0.1", server.Port, "shop", password, StartTls: true, timeout ?? TimeSpan.FromSeconds(20)),
        new EmailSender(new MailboxAddress("Tea shop", "orders@tea.example"), TimeProvider.System),
        trusted ? new RemoteCertificateValidationCallback(server.Trusts) : null);

    private static MimeMessage Parse(string mail) => MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail)));
}
