using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using LocalHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>A data folder in which one file can't be used: the host says which and why, in one sentence, and leaves it as it is.</summary>
public sealed class DiskFileTests(DiskFileTests.UsedFolder used) : IClassFixture<DiskFileTests.UsedFolder>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("files-");

    private static readonly string[] Names = ["durable.db", "orders.db", "queues.db", "sandbox.db", "sessions.db", "timers.db"];

    public static TheoryData<string> Files => new(Names);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_is_no_database_stops_the_start(string file)
    {
        var path = Copy(file);
        await File.WriteAllBytesAsync(path, RandomNumberGenerator.GetBytes(20_000));

        await Refuses(path, $"The file {path} is not a database");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_was_cut_off_stops_the_start(string file)
    {
        var path = Copy(file);
        Change(path, bytes => bytes.SetLength(bytes.Length / 2));

        await Refuses(path, $"The database {path} is damaged");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_was_emptied_stops_the_start(string file)
    {
        var path = Copy(file);
        Change(path, bytes => bytes.SetLength(0));

        await Refuses(path, $"The database {path} is empty");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_with_rubbish_in_the_middle_stops_the_start(string file)
    {
        var path = Copy(file);
        Change(path, bytes =>
        {
            const int Page = 4096;
            bytes.Position = bytes.Length / Page / 2 * Page;
            bytes.Write(RandomNumberGenerator.GetBytes(Page));
        });

        await Refuses(path, $"The database {path} is damaged");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_another_program_has_locked_stops_the_start_until_it_is_closed(string file)
    {
        var path = Copy(file);
        using (var other = Open(path))
        {
            Tell(other, "BEGIN EXCLUSIVE");
            await Refuses(path, $"The database {path} is locked by another program");
        }

        await (await LocalHostApp.Start(UsedFolder.Options(folder.FullName))).DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_of_a_newer_program_stops_the_start(string file)
    {
        var path = Copy(file);
        using (var connection = Open(path))
            Tell(connection, file is "orders.db" or "sessions.db" ? "INSERT INTO schema_versions VALUES (9000, 0)" : "PRAGMA user_version = 9000");

        var refusal = await Refuses(path, "The ");
        Assert.Matches("version 9000, newer than this program's [0-9]+: start the newer program", refusal);
    }

    [SmallDiskFact]
    public async Task A_file_that_cannot_be_written_stops_the_start()
    {
        foreach (var file in Names)
        {
            var path = Copy(file);
            using (DiskSpace.ReadOnly(path))
                await Refuses(path, $"The database {path} can't be written");
        }
    }

    [Fact]
    public async Task The_program_prints_the_sentence_and_exits_with_1()
    {
        var path = Copy("durable.db");
        Change(path, bytes => bytes.SetLength(bytes.Length / 2));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "LocalHost.dll")])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        (start.Environment["LocalHost__Data"], start.Environment["LocalHost__Port"], start.Environment["Sandbox__Port"]) = (folder.FullName, "0", "0");

        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith($"The database {path} is damaged", await said, StringComparison.Ordinal);
        Assert.Single((await said).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task<string> Refuses(string path, string because)
    {
        var before = Hash(path);

        var refusal = await Assert.ThrowsAsync<LocalHostException>(() => LocalHostApp.Start(UsedFolder.Options(folder.FullName)));

        Assert.StartsWith(because, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal(before, Hash(path));
        return refusal.Message;
    }

    /// <returns>The path of this file in a fresh copy of the folder.</returns>
    private string Copy(string file)
    {
        foreach (var source in Directory.GetFiles(used.Path, "*.db"))
            File.Copy(source, Path.Combine(folder.FullName, Path.GetFileName(source)), overwrite: true);
        return Path.Combine(folder.FullName, file);
    }

    private static void Change(string path, Action<FileStream> change)
    {
        using var bytes = new FileStream(path, FileMode.Open);
        change(bytes);
    }

    private static string Hash(string path)
    {
        using var bytes = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Convert.ToHexString(SHA256.HashData(bytes));
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(string.Create(CultureInfo.InvariantCulture, $"Data Source={path};Pooling=False"));
        connection.Open();
        return connection;
    }

    private static void Tell(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The folder of a host that has sold something.</summary>
    public sealed class UsedFolder : IAsyncLifetime
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("used-");

        public string Path => folder.FullName;

        public static LocalHostOptions Options(string folder) => new()
        {
            DataFolder = folder,
            SandboxPort = 0,
            Host = HostJson.Read(System.IO.Path.Combine(AppContext.BaseDirectory, "host.json")),
            Settings = new ConfigurationBuilder().AddInMemoryCollection([new("Shop:DemoCatalog", "true")]).Build(),
        };

        public async Task InitializeAsync()
        {
            await using (var host = await LocalHostApp.Start(Options(Path)))
            {
                using var http = new HttpClient();
                var shopper = await Api.Shopper.Start(
                    (method, path, body, secret, key) => Api.Shop.Ask(
                        http, method, new Uri(host.Api, path).AbsoluteUri, body is null ? null : System.Net.Http.Json.JsonContent.Create(body), secret, key),
                    "TEA-100",
                    1);
                await shopper.GoToPayment();
                (await shopper.Pay()).Is(200);
            }

            SqliteConnection.ClearAllPools();
        }

        public Task DisposeAsync()
        {
            folder.Delete(recursive: true);
            return Task.CompletedTask;
        }
    }
}
