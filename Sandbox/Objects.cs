using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Sandbox;

/// <summary>What a provider remembers under an id: payment intents, shipments, tax transactions. In the order in which they were made.</summary>
internal static class Objects
{
    public static void Put<T>(this SqliteConnection database, string provider, string kind, string id, T body) => database.Execute(
        "INSERT INTO objects (provider, kind, id, body) VALUES (@provider, @kind, @id, @body) ON CONFLICT (provider, kind, id) DO UPDATE SET body = excluded.body",
        new { provider, kind, id, body = JsonSerializer.Serialize(body, Json.Options) });

    public static T? Get<T>(this SqliteConnection database, string provider, string kind, string id)
        where T : class
    {
        var body = database.QuerySingleOrDefault<string>(
            "SELECT body FROM objects WHERE provider = @provider AND kind = @kind AND id = @id", new { provider, kind, id });
        return body is null ? null : JsonSerializer.Deserialize<T>(body, Json.Options);
    }

    public static bool Remove(this SqliteConnection database, string provider, string kind, string id) =>
        database.Execute("DELETE FROM objects WHERE provider = @provider AND kind = @kind AND id = @id", new { provider, kind, id }) > 0;

    /// <summary>Newest first, read as the caller goes on.</summary>
    public static IEnumerable<T> Newest<T>(this SqliteConnection database, string provider, string kind) => database
        .Query<string>("SELECT body FROM objects WHERE provider = @provider AND kind = @kind ORDER BY number DESC", new { provider, kind }, buffered: false)
        .Select(body => JsonSerializer.Deserialize<T>(body, Json.Options)!);
}
