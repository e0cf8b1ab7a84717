using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CheckoutFunctions.Tests.Emails;

/// <summary>A mail server with a certificate that it made itself, as RFC 5321 has it, as far as one mail needs. One user: <c>shop</c>, <c>pass</c>.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stop = new();
    private readonly List<string> lines = [];
    private readonly Task running;

    public SmtpServer(int port = 0)
    {
        listener = new(IPAddress.Loopback, port);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        // With its key where the TLS of every platform finds it.
        Certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        listener.Start();
        running = Listen();
    }

    public X509Certificate2 Certificate { get; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public bool OffersTls { get; init; } = true;

    /// <summary>The answer to a recipient.</summary>
    public string Recipient { get; set; } = "250 Ok";

    /// <summary>It takes connections and says nothing.</summary>
    public bool Hangs { get; set; }

    /// <summary>It takes the mail and breaks off instead of saying so.</summary>
    public bool BreaksOff { get; set; }

    /// <summary>What it was told, without the mails themselves.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
                return [.. lines];
        }
    }

    public List<string> Mails { get; } = [];

    public bool Trusts(object _, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate?.GetCertHashString() == Certificate.GetCertHashString();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await running;
        Certificate.Dispose();
        stop.Dispose();
    }

    private async Task Listen()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                try
                {
                    await Serve(client.GetStream());
                }
                catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // The client has gone away.
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Serve(Stream stream)
    {
        if (Hangs)
        {
            // Until the client gives up.
            _ = await Read(stream);
            return;
        }

        var isEncrypted = false;
        await Say(stream, "220 localhost");
        while (await Read(stream) is { } line)
        {
            lock (lines)
                lines.Add(line);
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await Say(stream, isEncrypted ? "250-localhost\r\n250 AUTH PLAIN" : OffersTls ? "250-localhost\r\n250 STARTTLS" : "250 localhost");
                    break;
                case "STARTTLS":
                    await Say(stream, "220 Go ahead");
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, stop.Token);
                    (stream, isEncrypted) = (tls, true);
                    break;
                case "AUTH":
                    var isShop = line.EndsWith(Convert.ToBase64String("\0shop\0pass"u8), StringComparison.Ordinal);
                    await Say(stream, isShop ? "235 Ok" : "535 5.7.8 Authentication credentials invalid");
                    break;
                case "RCPT":
                    await Say(stream, Recipient);
                    break;
                case "DATA":
                    await Say(stream, "354 Go on");
                    var mail = new StringBuilder();
                    while (await Read(stream) is { } text and not ".")
                        mail.Append(text).Append("\r\n");
                    Mails.Add(mail.ToString());
                    if (BreaksOff)
                        return;
                    await Say(stream, "250 Taken");
                    break;
                case "QUIT":
                    await Say(stream, "221 Bye");
                    return;
                default:
                    await Say(stream, "250 Ok");
                    break;
            }
        }
    }

    private async Task Say(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop.Token);

    private async Task<string?> Read(Stream stream)
    {
        var line = new List<byte>();
        var next = new byte[1];
        while (await stream.ReadAsync(next, stop.Token) == 1)
        {
            if (next[0] == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(next[0]);
        }

        return null;
    }
}
