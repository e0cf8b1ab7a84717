using CheckoutFunctions.Emails;

namespace CheckoutFunctions.Tests.Retention;

/// <summary>Takes every e-mail, unless it is full, and keeps it until it is told to forget it.</summary>
internal sealed class Postbox : IMailer
{
    public List<(EmailKey Key, Email Email)> Taken { get; } = [];

    public bool IsFull { get; set; }

    public TimeSpan MostTime => TimeSpan.FromSeconds(10);

    public Task Send(EmailKey key, Email email, CancellationToken cancellation)
    {
        if (IsFull)
            throw new IOException("The postbox is full.");
        lock (Taken)
            Taken.Add((key, email));
        return Task.CompletedTask;
    }

    public Task Forget(EmailKey key, CancellationToken cancellation)
    {
        Taken.RemoveAll(one => one.Key == key);
        return Task.CompletedTask;
    }
}
