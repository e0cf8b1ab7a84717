using System.Data.Common;
using Npgsql;

namespace CheckoutFunctions.Database;

/// <summary>The one thing that SQLite and PostgreSQL say differently.</summary>
public static class Dialect
{
    /// <summary><c>$"… WHERE sku {connection.In("skus")}"</c>: one of the parameter's values, which is an array.</summary>
    public static string In(this DbConnection connection, string parameter) => connection is NpgsqlConnection ? $"= ANY(@{parameter})" : $"IN @{parameter}";
}
