using Dapper;
using Microsoft.Data.Sqlite;

namespace Sandbox.Webhooks;

/// <summary>Events as they wait to be sent, each stored together with what it tells of. A restart goes on with them.</summary>
internal static class WebhookEvents
{
    public static void Add(this SqliteConnection database, WaitingEvent happened) => database.Execute(
        "INSERT INTO webhooks (id, type, object, body, due) VALUES (@Id, @Type, @Object, @Body, @Due)", happened);

    /// <summary>What is due, in the order in which it goes out.</summary>
    public static IReadOnlyList<WaitingEvent> Due(this SqliteConnection database, DateTimeOffset now, WebhookMode mode)
    {
        const string Columns = "SELECT number, id, type, object, body, due, tries FROM webhooks WHERE due";
        var due = database.Query<WaitingEvent>($"{Columns} <= @now ORDER BY number", new { now = now.ToUnixTimeMilliseconds() }).ToList();
        // Out of order also with what would follow a moment later.
        return mode == WebhookMode.Reversed && due.Count > 0 ? database.Query<WaitingEvent>($"{Columns} IS NOT NULL ORDER BY number DESC").ToList() : due;
    }

    public static DateTimeOffset? NextDue(this SqliteConnection database) =>
        database.ExecuteScalar<long?>("SELECT MIN(due) FROM webhooks") is { } due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;

    /// <summary>After a delivery: done, or when it is tried again.</summary>
    public static void Sent(this SqliteConnection database, WaitingEvent sent, int? status, DateTimeOffset? again) => database.Execute(
        "UPDATE webhooks SET tries = tries + 1, status = @status, due = @due WHERE number = @Number",
        new { sent.Number, status, due = again?.ToUnixTimeMilliseconds() });

    /// <summary>The latest, newest first.</summary>
    public static IReadOnlyList<object> LatestWebhooks(this SqliteConnection database) => database
        .Query<(string Id, string Type, string Object, long Tries, long? Status, long Waiting)>(
            "SELECT id, type, object, tries, status, due IS NOT NULL FROM webhooks ORDER BY number DESC LIMIT 100")
        .Select(row => (object)new { id = row.Id, type = row.Type, @object = row.Object, tries = row.Tries, status = row.Status, waiting = row.Waiting == 1 })
        .ToList();
}

/// <param name="Object">The id of the object that it is about.</param>
/// <param name="Due">When it is sent, in milliseconds since 1970.</param>
internal sealed record WaitingEvent(long Number, string Id, string Type, string Object, string Body, long Due, long Tries);
