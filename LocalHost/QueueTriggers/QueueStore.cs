using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace LocalHost.QueueTriggers;

/// <summary>
/// Queues in one SQLite table. A message is taken by marking it claimed; only one host has the file, so a claim that an
/// earlier host left behind is void, and opening the store clears it.
/// </summary>
internal sealed class QueueStore
{
    /// <summary>Kept as SQLite's <c>user_version</c>.</summary>
    public const int Version = 1;

    private readonly string connectionString;
    private readonly TimeProvider clock;

    /// <param name="encoding">What the host takes messages in; null: Base64.</param>
    public QueueStore(string path, TimeProvider clock, MessageEncoding? encoding = null)
    {
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();
        this.clock = clock;
        Execute(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS messages (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                queue TEXT NOT NULL,
                body TEXT NOT NULL,
                dequeue_count INTEGER NOT NULL DEFAULT 0,
                claimed INTEGER NOT NULL DEFAULT 0,
                visible_at INTEGER NOT NULL);
            CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (queue, claimed, visible_at);
            UPDATE messages SET claimed = 0 WHERE claimed = 1;
            """);
        EncodeOldBodies(encoding ?? MessageEncoding.Base64);
    }

    /// <summary>Raised with the queue's name when a message is added.</summary>
    public event Action<string>? Added;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Adds all of them or, if it throws, none.</summary>
    /// <param name="bodies">As they stand on the queue: <see cref="MessageEncoding"/>.</param>
    public void Add(string queue, params IEnumerable<string> bodies)
    {
        using (var connection = Open())
        using (var transaction = connection.BeginTransaction())
        {
            foreach (var body in bodies)
            {
                using var command = Command(
                    connection,
                    "INSERT INTO messages (id, queue, body, visible_at) VALUES ($id, $queue, $body, $now)",
                    ("$id", new Guid(RandomNumberGenerator.GetBytes(16)).ToString()), ("$queue", queue), ("$body", body), ("$now", Now));
                command.Transaction = transaction;
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        Added?.Invoke(queue);
    }

    /// <summary>Takes the oldest visible message, if there is one.</summary>
    public QueueMessage? Take(string queue)
    {
        using var connection = Open();
        using var command = Command(
            connection,
            """
            UPDATE messages SET claimed = 1, dequeue_count = dequeue_count + 1
            WHERE sequence = (SELECT sequence FROM messages WHERE queue = $queue AND claimed = 0 AND visible_at <= $now ORDER BY visible_at, sequence LIMIT 1)
            RETURNING id, body, dequeue_count
            """,
            ("$queue", queue), ("$now", Now));
        using var reader = command.ExecuteReader();
        return reader.Read() ? new QueueMessage(reader.GetString(0), queue, reader.GetString(1), reader.GetInt32(2)) : null;
    }

    public void Delete(QueueMessage message) => Execute("DELETE FROM messages WHERE id = $id", ("$id", message.Id));

    /// <summary>Gives a message back, hidden for a while.</summary>
    public void Return(QueueMessage message, TimeSpan hiddenFor) => Execute(
        "UPDATE messages SET claimed = 0, visible_at = $visible WHERE id = $id",
        ("$id", message.Id), ("$visible", Now + (long)hiddenFor.TotalMilliseconds));

    /// <summary>Puts a message, with its body as it was, on another queue.</summary>
    public void Move(QueueMessage message, string queue) => Execute(
        "UPDATE messages SET queue = $queue, claimed = 0, dequeue_count = 0, visible_at = $now WHERE id = $id",
        ("$id", message.Id), ("$queue", queue), ("$now", Now));

    // A file from before bodies were encoded.
    private void EncodeOldBodies(MessageEncoding encoding)
    {
        using var connection = Open();
        connection.CreateFunction<string, string>("encoded", encoding.Encode);
        using var transaction = connection.BeginTransaction();
        using var command = Command(
            connection,
            $"""
            UPDATE messages SET body = encoded(body) WHERE (SELECT user_version FROM pragma_user_version) = 0;
            PRAGMA user_version = {Version};
            """);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    private void Execute(string sql, params (string Name, object Value)[] parameters)
    {
        using var connection = Open();
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
