using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using Dapper;

namespace CheckoutFunctions.Emails;

/// <summary>
/// One visible e-mail of a kind about a subject, however often it is asked for, by however many hosts: whoever sends takes it first, for a while.
/// Who dies between sending and noting it lets it be sent again, with the same Message-ID, which mail programs show once.
/// </summary>
public sealed class SentEmails(ShopDatabase database, IMailer mailer, TimeProvider clock)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>A failure to send is thrown, and the e-mail free to be sent again at once.</summary>
    /// <param name="write">Asked once nobody else can send it: what it reads then holds. Null: there is nothing to send, now or ever.</param>
    public async Task<EmailOutcome> Send(EmailKey key, Func<Task<Email?>> write, CancellationToken cancellation)
    {
        var claim = Secrets.NewId("send_");
        var taken = await Take(key, claim, cancellation);
        if (taken != EmailOutcome.Sent)
            return taken;

        try
        {
            if (await write() is { } email)
                await mailer.Send(key, email, cancellation);
        }
        catch
        {
            await LetGo(key, claim);
            throw;
        }

        await Note(key, cancellation);
        return EmailOutcome.Sent;
    }

    /// <summary>Whether it was sent: for lists, e.g. of what is still to be reminded of.</summary>
    public Task<bool> WasSent(EmailKey key, CancellationToken cancellation) => database.Read(async connection =>
        await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM emails WHERE kind = @Kind AND subject_id = @SubjectId AND sent_at IS NOT NULL", key) > 0, cancellation);

    /// <summary>Whether somebody is sending it, or died at it a moment ago.</summary>
    public Task<bool> IsUnderWay(EmailKey key, CancellationToken cancellation) => database.Read(async connection =>
        await connection.ExecuteScalarAsync<long>(
            "SELECT COUNT(*) FROM emails WHERE kind = @Kind AND subject_id = @SubjectId AND sent_at IS NULL AND claimed_until > @now",
            new { key.Kind, key.SubjectId, now = Ms(clock.GetUtcNow()) }) > 0, cancellation);

    /// <summary>Forgets that e-mails were sent, at most so many and the oldest first, once nobody asks for them again.</summary>
    public Task<int> Forget(TimeSpan kept, int most, CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            """
            DELETE FROM emails WHERE (kind, subject_id) IN (
                SELECT kind, subject_id FROM emails WHERE sent_at <= @before ORDER BY sent_at LIMIT @most)
            """,
            new { before = Ms(clock.GetUtcNow() - kept), most },
            transaction),
        cancellation);

    private Task<EmailOutcome> Take(EmailKey key, string claim, CancellationToken cancellation) => database.Write(
        async transaction =>
        {
            var now = Ms(clock.GetUtcNow());
            var until = Ms(clock.GetUtcNow() + mailer.MostTime + Margin);
            var took = await transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO emails (kind, subject_id, claim, claimed_until) VALUES (@Kind, @SubjectId, @claim, @until)
                ON CONFLICT (kind, subject_id) DO UPDATE SET claim = @claim, claimed_until = @until WHERE emails.sent_at IS NULL AND emails.claimed_until <= @now
                """,
                new { key.Kind, key.SubjectId, claim, until, now },
                transaction);
            if (took == 1)
                return EmailOutcome.Sent;
            var sentAt = await transaction.Connection!.ExecuteScalarAsync<long?>("SELECT sent_at FROM emails WHERE kind = @Kind AND subject_id = @SubjectId", key, transaction);
            return sentAt is null ? EmailOutcome.UnderWay : EmailOutcome.SentBefore;
        },
        cancellation);

    private Task Note(EmailKey key, CancellationToken cancellation) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(
            "UPDATE emails SET sent_at = @now WHERE kind = @Kind AND subject_id = @SubjectId AND sent_at IS NULL",
            new { key.Kind, key.SubjectId, now = Ms(clock.GetUtcNow()) },
            transaction),
        cancellation);

    /// <summary>Also when the host is stopping: else the next one would wait for nobody.</summary>
    private async Task LetGo(EmailKey key, string claim)
    {
        try
        {
            await database.Write(
                transaction => transaction.Connection!.ExecuteAsync(
                    "UPDATE emails SET claimed_until = 0 WHERE kind = @Kind AND subject_id = @SubjectId AND claim = @claim AND sent_at IS NULL",
                    new { key.Kind, key.SubjectId, claim },
                    transaction),
                CancellationToken.None);
        }
        catch (Exception failure) when (StoreFault.IsUnavailable(failure))
        {
            // The claim ends by itself; why the sending failed is what the caller must hear.
        }
    }

    private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}

public enum EmailOutcome
{
    /// <summary>Now.</summary>
    Sent,

    SentBefore,

    /// <summary>By somebody else, now, or by somebody who died: ask again in half a minute.</summary>
    UnderWay,
}
