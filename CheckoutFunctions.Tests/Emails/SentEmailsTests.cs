using CheckoutFunctions.Emails;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Emails;

public abstract class SentEmailsTests(Sql sql) : IAsyncLifetime
{
    private static readonly EmailKey Key = new("receipt", "ord_1");

    private readonly Postbox postbox = new();

    private TestShop shop = null!;

    public async Task InitializeAsync() => shop = await TestShop.Shared(sql);

    public Task DisposeAsync()
    {
        shop.Dispose();
        return Task.CompletedTask;
    }

    [StoreFact]
    public async Task However_often_it_is_asked_for_one_mail_is_sent()
    {
        Assert.Equal(EmailOutcome.Sent, await Send());
        Assert.Equal(EmailOutcome.SentBefore, await Send());
        shop.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(EmailOutcome.SentBefore, await Send());

        Assert.Equal("receipt.ord_1", Assert.Single(postbox.Taken).ToString());
        Assert.True(await new SentEmails(shop.Database, postbox, shop.Clock).WasSent(Key, default));
    }

    [StoreFact]
    public async Task Where_there_is_nothing_to_send_any_more_nothing_is_and_it_is_under_way_until_then()
    {
        var emails = new SentEmails(shop.Database, postbox, shop.Clock);
        var underWay = false;

        await emails.Send(
            Key,
            async () =>
            {
                underWay = await emails.IsUnderWay(Key, default);
                return null;
            },
            default);

        Assert.Equal((true, false), (underWay, await emails.IsUnderWay(Key, default)));
        Assert.Equal(EmailOutcome.SentBefore, await Send());
        Assert.Empty(postbox.Taken);
    }

    [StoreFact]
    public async Task Another_kind_and_another_subject_are_other_mails()
    {
        await Send();
        Assert.Equal(EmailOutcome.Sent, await Send(new("reminder", "ord_1")));
        Assert.Equal(EmailOutcome.Sent, await Send(new("receipt", "ord_2")));

        Assert.Equal(3, postbox.Taken.Count);
    }

    [StoreFact]
    public async Task Many_at_once_on_two_hosts_send_one()
    {
        using var another = shop.AnotherProcess();
        var hosts = new[] { new SentEmails(shop.Database, postbox, shop.Clock), new SentEmails(another, postbox, shop.Clock) };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => hosts[n % 2].Send(Key, Write, default))));

        Assert.Single(outcomes, EmailOutcome.Sent);
        Assert.Single(postbox.Taken);
    }

    [StoreFact]
    public async Task Who_asks_while_it_is_being_sent_is_told_so()
    {
        postbox.Opens = new();
        var sending = Send();
        await postbox.Asked.Task;

        Assert.Equal(EmailOutcome.UnderWay, await Send());

        postbox.Opens.SetResult();
        Assert.Equal(EmailOutcome.Sent, await sending);
    }

    [StoreFact]
    public async Task A_mail_that_was_not_taken_can_be_sent_again_at_once()
    {
        postbox.Fault = new IOException("The mail server is down.");
        await Assert.ThrowsAsync<IOException>(() => Send());
        Assert.False(await new SentEmails(shop.Database, postbox, shop.Clock).WasSent(Key, default));

        postbox.Fault = null;
        Assert.Equal(EmailOutcome.Sent, await Send());
    }

    [StoreFact]
    public async Task What_a_process_that_died_was_sending_is_sent_again_under_the_same_id()
    {
        postbox.Opens = new();
        _ = Send();
        await postbox.Asked.Task;

        // It never came back. Whether the mail went out nobody knows.
        postbox.Opens = null;
        Assert.Equal(EmailOutcome.UnderWay, await Send());
        shop.Clock.Advance(postbox.MostTime + TimeSpan.FromSeconds(5));

        Assert.Equal(EmailOutcome.Sent, await Send());
        Assert.Equal("receipt.ord_1", Assert.Single(postbox.Taken).ToString());
    }

    private Task<EmailOutcome> Send(EmailKey? key = null) => new SentEmails(shop.Database, postbox, shop.Clock).Send(key ?? Key, Write, default);

    private static Task<Email?> Write() => Task.FromResult<Email?>(new("ada@example.com", "Your receipt", "Thank you."));

    private sealed class Postbox : IMailer
    {
        public TimeSpan MostTime => TimeSpan.FromSeconds(20);

        public System.Collections.Concurrent.ConcurrentQueue<EmailKey> Taken { get; } = new();

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource? Opens { get; set; }

        public Exception? Fault { get; set; }

        public async Task Send(EmailKey key, Email email, CancellationToken cancellation)
        {
            var opens = Opens?.Task ?? Task.CompletedTask;
            Asked.TrySetResult();
            await opens;
            if (Fault is { } fault)
                throw fault;
            Taken.Enqueue(key);
        }
    }
}

public sealed class SqliteSentEmailsTests() : SentEmailsTests(Sql.Sqlite);

public sealed class PostgresSentEmailsTests() : SentEmailsTests(Sql.Postgres);
