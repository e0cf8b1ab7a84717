using System.Diagnostics;
using Npgsql;

namespace CheckoutFunctions.Tests.Database;

/// <summary>A test on a PostgreSQL server that the tests start themselves.</summary>
public sealed class PostgresFactAttribute() : NeedsAttribute(Postgres.Programs is not null, "PostgreSQL's programs (initdb, postgres) aren't on this machine.");

/// <summary>
/// One server for this process's tests, started when the first test asks for it; or one of a test's own.
/// </summary>
internal sealed class Postgres : IDisposable
{
    private static readonly Lazy<Task<Postgres>> Shared = new(() => Start());

    private static int count;

    private readonly int port;
    private readonly TestServer server;

    private Postgres(int port, TestServer server) => (this.port, this.server) = (port, server);

    /// <summary>The folder of <c>initdb</c> and <c>postgres</c>: on the path, or where Debian puts them.</summary>
    public static string? Programs { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")) : [])
        .FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")) && File.Exists(Path.Combine(path, "postgres")));

    /// <summary>The connection string of a new, empty database on the shared server.</summary>
    public static async Task<string> NewDatabase() => await (await Shared.Value).Create();

    /// <summary>A server of its own, for a test that stops it.</summary>
    public static async Task<Postgres> Start()
    {
        var programs = Programs ?? throw new InvalidOperationException("PostgreSQL's programs (initdb, postgres) aren't on this machine.");
        var folder = Directory.CreateTempSubdirectory("postgres-");
        // PostgreSQL refuses to run as root, whose files the user postgres couldn't read.
        if (Environment.IsPrivilegedProcess)
            await Run("chown", "postgres", folder.FullName);
        await Run([.. As, Path.Combine(programs, "initdb"), "-D", Path.Combine(folder.FullName, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        var port = TestServer.FreePort();
        string[] command =
        [
            Path.Combine(programs, "postgres"), "-D", Path.Combine(folder.FullName, "data"), "-p", $"{port}", "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=200",
        ];
        return new(port, await TestServer.Start(folder, "QUIT", As, command, () => Answers(port)));
    }

    public async Task<string> Create()
    {
        var name = $"shop_{Interlocked.Increment(ref count)}";
        await using var connection = new NpgsqlConnection(ConnectionString(port, "postgres"));
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(port, name);
    }

    /// <summary>Ends it as a failing machine does: connections break, nothing is finished.</summary>
    public Task Kill() => server.Kill();

    /// <summary>On the same port, with the same data.</summary>
    public Task StartAgain() => server.StartAgain();

    public void Dispose() => server.Dispose();

    private static string[] As => Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];

    private static string ConnectionString(int port, string database) => $"Host=127.0.0.1;Port={port};Username=postgres;Database={database}";

    private static async Task<bool> Answers(int port)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(port, "postgres") + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task Run(params string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {await output} {await error}");
    }
}
