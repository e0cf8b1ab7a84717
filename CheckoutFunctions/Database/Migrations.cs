using System.Globalization;
using System.Reflection;
using Dapper;

namespace CheckoutFunctions.Database;

/// <summary>Applies the numbered scripts of <c>Migrations/{set}/</c>, each once, in order, in one transaction.</summary>
public static class Migrations
{
    public static Task Apply(Database database, string set, TimeProvider clock, CancellationToken cancellation = default) =>
        database.Engine.Migrate(
            async transaction =>
            {
                var connection = transaction.Connection!;
                await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, applied_at BIGINT NOT NULL)", transaction: transaction);
                var applied = await connection.ExecuteScalarAsync<int?>("SELECT MAX(version) FROM schema_versions", transaction: transaction) ?? 0;
                var scripts = Scripts(set);
                if (applied > scripts[^1].Version)
                    throw new InvalidOperationException($"The {set} database is at schema version {applied}, newer than this program's {scripts[^1].Version}: start the newer program on {database.Source}.");

                foreach (var (version, sql) in scripts.Where(script => script.Version > applied))
                {
                    await connection.ExecuteAsync(sql, transaction: transaction);
                    await connection.ExecuteAsync(
                        "INSERT INTO schema_versions (version, applied_at) VALUES (@version, @now)",
                        new { version, now = clock.GetUtcNow().ToUnixTimeMilliseconds() },
                        transaction);
                }
            },
            cancellation);

    private static List<(int Version, string Sql)> Scripts(string set)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{typeof(Migrations).Namespace}.Migrations.{set}.";
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => (Version: int.Parse(name[prefix.Length..].TrimStart('_')[..4], CultureInfo.InvariantCulture), Sql: Read(assembly, name)))
            .OrderBy(script => script.Version)
            .ToList();
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
