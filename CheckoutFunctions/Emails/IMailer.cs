namespace CheckoutFunctions.Emails;

/// <summary>Takes e-mails away. Done means accepted; whatever else became of it is an exception, after which it may have been accepted all the same.</summary>
public interface IMailer
{
    /// <summary>
    /// Within <see cref="MostTime"/>. The same key gives the same Message-ID, by which mail programs know a repeat.
    /// </summary>
    Task Send(EmailKey key, Email email, CancellationToken cancellation);

    TimeSpan MostTime { get; }

    /// <summary>What it keeps of an e-mail itself goes; what was taken away is the recipient's.</summary>
    Task Forget(EmailKey key, CancellationToken cancellation) => Task.CompletedTask;
}
