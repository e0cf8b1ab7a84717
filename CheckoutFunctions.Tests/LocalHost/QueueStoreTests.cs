using CheckoutFunctions.Tests.Fidelity;
using LocalHost;
using LocalHost.QueueTriggers;
using Microsoft.Data.Sqlite;

namespace CheckoutFunctions.Tests.LocalHost;

public sealed class QueueStoreTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("queues-");
    private readonly ManualClock clock = new();

    private string Path => System.IO.Path.Combine(folder.FullName, "queues.db");

    [Fact]
    public void Messages_come_in_order_each_to_one_taker()
    {
        var queues = new QueueStore(Path, clock);
        queues.Add("orders", "1");
        queues.Add("orders", "2");
        queues.Add("other", "3");

        Assert.Equal("1", queues.Take("orders")?.Body);
        Assert.Equal("2", queues.Take("orders")?.Body);
        Assert.Null(queues.Take("orders"));
    }

    [Fact]
    public void A_returned_message_is_hidden_for_its_time_and_counts_its_takes()
    {
        var queues = new QueueStore(Path, clock);
        queues.Add("orders", "1");

        queues.Return(queues.Take("orders")!, TimeSpan.FromSeconds(10));
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Null(queues.Take("orders"));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, queues.Take("orders")?.DequeueCount);
    }

    [Fact]
    public void A_message_that_a_host_held_when_it_died_comes_again()
    {
        var died = new QueueStore(Path, clock);
        died.Add("orders", "1");
        died.Take("orders");

        var restarted = new QueueStore(Path, clock);

        Assert.Equal(2, restarted.Take("orders")?.DequeueCount);
    }

    [Fact]
    public void A_deleted_message_is_gone_and_a_moved_one_starts_anew()
    {
        var queues = new QueueStore(Path, clock);
        queues.Add("orders", "1");
        queues.Add("orders", "2");

        queues.Delete(queues.Take("orders")!);
        queues.Move(queues.Take("orders")!, "orders-poison");

        Assert.Null(queues.Take("orders"));
        var poison = queues.Take("orders-poison");
        Assert.Equal(("2", 1), (poison?.Body, poison?.DequeueCount));
    }

    [Fact]
    public void Bodies_of_a_file_from_before_they_were_encoded_are_encoded_once()
    {
        new QueueStore(Path, clock).Add("orders", """{"Number":7}""");
        Execute("PRAGMA user_version = 0");

        for (var start = 0; start < 2; start++)
            Assert.True(MessageEncoding.Base64.TryDecode(new QueueStore(Path, clock).Take("orders")!.Body, out var text) && text == """{"Number":7}""");
    }

    [Fact]
    public void A_host_of_plain_messages_leaves_the_bodies_of_an_old_file_as_they_are()
    {
        new QueueStore(Path, clock).Add("orders", "plain");
        Execute("PRAGMA user_version = 0");

        Assert.Equal("plain", new QueueStore(Path, clock, MessageEncoding.None).Take("orders")?.Body);
    }

    [Fact]
    public void An_array_is_sent_whole_or_not_at_all()
    {
        var queues = new QueueStore(Path, clock);
        Execute("CREATE TRIGGER full BEFORE INSERT ON messages WHEN NEW.body = 'second' BEGIN SELECT RAISE(ABORT, 'No room.'); END");
        var outputs = new QueueOutputs(queues, new HostJson { MessagesAreBase64 = false });

        Assert.Throws<SqliteException>(() => outputs.Append("q", new[] { "first", "second" }));

        Assert.Null(queues.Take("q"));
    }

    [Fact]
    [Behaviour("13.4")]
    public void A_string_goes_to_a_queue_as_it_is_an_object_as_indented_JSON_an_array_one_message_each_and_null_not_at_all()
    {
        var queues = new QueueStore(Path, clock);
        var outputs = new QueueOutputs(queues, new HostJson());

        outputs.Append("q", "as it is");
        outputs.Append("q", null);
        outputs.Append("q", Array.Empty<string>());
        outputs.Append("q", new[] { "one", "each" });
        outputs.Append("q", new { Id = 1, Day = DayOfWeek.Tuesday });

        var bodies = new List<string>();
        while (queues.Take("q") is { } message)
        {
            Assert.True(MessageEncoding.Base64.TryDecode(message.Body, out var text));
            bodies.Add(text);
        }

        Assert.Equal(["as it is", "one", "each", "{\n  \"Id\": 1,\n  \"Day\": 2\n}"], bodies);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class ManualClock : TimeProvider
    {
        private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => now;

        public void Advance(TimeSpan time) => now += time;
    }
}
