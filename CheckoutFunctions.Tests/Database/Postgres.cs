using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CheckoutFunctions.Tests.Database;

/// <summary>A test on a PostgreSQL server that the tests start themselves.</summary>
public sealed class PostgresFactAttribute() : NeedsAttribute(Postgres.Programs is not null, "PostgreSQL's programs (initdb, postgres) aren't on this machine.");

/// <summary>As <see cref="PostgresFactAttribute"/>, with rows.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = new PostgresFactAttribute().Skip;
}

/// <summary>
/// One server for this process's tests, on 127.0.0.1 and a free port, started when the first test asks for it. It ends with the process, however that
/// ends, and its files with it: a shell keeps it that reads from us until there is nobody to read from.
/// </summary>
internal sealed class Postgres : IDisposable
{
    private static readonly Lazy<Task<Postgres>> Shared = new(() => Start());

    private static int count;

    private readonly DirectoryInfo folder;
    private readonly int port;
    private Process keeper;

    private Postgres(DirectoryInfo folder, int port, Process keeper) => (this.folder, this.port, this.keeper) = (folder, port, keeper);

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
        var port = FreePort();
        var server = new Postgres(folder, port, Keep(folder, port));
        await server.IsReady();
        return server;
    }

    public async Task<string> Create()
    {
        var name = $"shop_{Interlocked.Increment(ref count)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Ends it as a failing machine does: connections break, nothing is finished.</summary>
    public async Task Kill()
    {
        await keeper.StandardInput.WriteLineAsync("keep the files");
        keeper.StandardInput.Close();
        await keeper.WaitForExitAsync();
    }

    /// <summary>On the same port, with the same data.</summary>
    public async Task StartAgain()
    {
        keeper = Keep(folder, port);
        await IsReady();
    }

    public void Dispose()
    {
        if (!keeper.HasExited)
        {
            keeper.StandardInput.Close();
            keeper.WaitForExit(10_000);
        }

        keeper.Dispose();
    }

    private static string[] As => Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];

    private const string Keeper = """
        "$@" > "$0/log" 2>&1 &
        read -r word
        kill -QUIT $!
        wait $!
        [ "$word" ] || rm -rf "$0"
        """;

    private static Process Keep(DirectoryInfo folder, int port)
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] command =
        [
            .. As, "bash", "-c", Keeper, folder.FullName, Path.Combine(Programs!, "postgres"),
            "-D", Path.Combine(folder.FullName, "data"), "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", "fsync=off", "-c", "max_connections=200",
        ];
        start.FileName = command[0];
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={port};Username=postgres;Database={database}";

    private async Task IsReady()
    {
        for (var look = 0; ; look++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (look < 600 && !keeper.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
