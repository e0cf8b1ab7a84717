using System.Net.Security;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace CheckoutFunctions.Emails;

/// <summary>Hands each e-mail to the shop's mail server, in a connection of its own.</summary>
/// <param name="trust">Decides on the server's certificate instead of the machine's own trust; null: the machine's.</param>
public sealed class SmtpMailer(SmtpOptions options, EmailSender sender, RemoteCertificateValidationCallback? trust = null) : IMailer
{
    public TimeSpan MostTime => options.Timeout;

    private SecureSocketOptions Encryption => options switch
    {
        { Port: SmtpOptions.ImplicitTlsPort } => SecureSocketOptions.SslOnConnect,
        { StartTls: true } => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };

    public async Task Send(EmailKey key, Email email, CancellationToken cancellation)
    {
        using var message = sender.Write(key, email);
        using var client = new SmtpClient { ServerCertificateValidationCallback = trust };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Timeout);
        try
        {
            await client.ConnectAsync(options.Host, options.Port, Encryption, limit.Token);
            if (options is { Username: { } username, Password: { } password })
                await client.AuthenticateAsync(username, password, limit.Token);
            await client.SendAsync(message, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The mail server {options.Host}:{options.Port} did not take the e-mail within {options.Timeout.TotalSeconds:0} s.");
        }

        await Leave(client, limit.Token);
    }

    /// <summary>The server has it: that it won't say goodbye is no failure.</summary>
    private static async Task Leave(SmtpClient client, CancellationToken cancellation)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellation);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ProtocolException or CommandException)
        {
        }
    }
}
