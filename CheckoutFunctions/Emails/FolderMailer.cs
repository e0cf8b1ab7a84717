using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Emails;

/// <summary>The embedded default: each e-mail a file that mail programs open, <c>receipt.ord_….eml</c>. One that is sent again replaces itself.</summary>
public sealed class FolderMailer(string folder, EmailSender sender, ILogger<FolderMailer> logger) : IMailer
{
    private int said;

    public TimeSpan MostTime => TimeSpan.FromSeconds(10);

    public async Task Send(EmailKey key, Email email, CancellationToken cancellation)
    {
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{key}.eml");
        if (Interlocked.Exchange(ref said, 1) == 0)
            logger.LogInformation("Smtp__Host is not set: e-mails are written to {Folder}", folder);

        using var message = sender.Write(key, email);
        // Whoever looks sees a whole file or none.
        var draft = $"{path}.tmp";
        await using (var file = File.Create(draft))
            await message.WriteToAsync(file, cancellation);
        File.Move(draft, path, overwrite: true);
    }

    public Task Forget(EmailKey key, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, $"{key}.eml");
        if (Directory.Exists(folder))
            File.Delete(path);
        return Task.CompletedTask;
    }
}
