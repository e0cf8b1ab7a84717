using LocalHost.Engine;
using Microsoft.Data.Sqlite;

namespace LocalHost.Storage;

/// <summary>An instance's row to and from its record.</summary>
internal static class InstanceRow
{
    public const string Columns = Before + "(SELECT input FROM inputs WHERE inputs.instance_id = instances.instance_id)" + After;

    /// <summary>As a turn reads it: code that runs has its input already, and code that is loaded finds it in its history.</summary>
    public const string ColumnsWithoutInput = Before + "NULL" + After;

    private const string Before = "instance_id, execution_id, generation, name, status, created_at, updated_at, ";
    private const string After = ", output, custom_status, parent_id, parent_execution_id, parent_name, parent_task_id, history_length, tags, version";

    public static Instance Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetInt32(2),
        row.GetString(3),
        (OrchestrationRuntimeStatus)row.GetInt32(4),
        Time(row.GetInt64(5)),
        Time(row.GetInt64(6)),
        Text(row, 7),
        Text(row, 8),
        Text(row, 9),
        row.IsDBNull(10) ? null : new ParentLink(row.GetString(10), row.GetString(11), row.GetString(12), row.GetInt32(13)),
        row.GetInt64(14))
    {
        Tags = DurableJson.Deserialize<Dictionary<string, string>>(Text(row, 15)),
        Version = Text(row, 16),
    };

    public static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    public static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
