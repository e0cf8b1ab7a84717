using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CheckoutFunctions.Tests.Sessions;

/// <summary>A test on Azurite, Azure Storage's emulator, that the tests start themselves.</summary>
public sealed class AzuriteFactAttribute() : NeedsAttribute(Azurite.Program is not null, "azurite-table isn't on the path: npm install -g azurite@3.37.0.");

/// <summary>
/// Azurite's table service on 127.0.0.1 and a free port, started when the first test asks for it. It ends with this process, however that ends, and its
/// files with it: a shell keeps it that reads from us until there is nobody to read from.
/// </summary>
internal sealed class Azurite : IDisposable
{
    private const string Keeper = """
        "$@" > "$0/log" 2>&1 &
        read -r word
        kill -INT $!
        wait $!
        [ "$word" ] || rm -rf "$0"
        """;

    private static readonly Lazy<Task<Azurite>> One = new(() => Start());

    private static int count;

    private readonly DirectoryInfo folder;
    private readonly int port;
    private Process keeper;

    private Azurite(DirectoryInfo folder, int port) => (this.folder, this.port, keeper) = (folder, port, Keep(folder, port));

    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(path => Path.Combine(path, "azurite-table")).FirstOrDefault(File.Exists);

    /// <summary>Any account exists there: each test has its own, named here, and its own tables with it.</summary>
    public string NewAccount() => ConnectionString($"shop{Interlocked.Increment(ref count)}");

    public static async Task<string> NewSharedAccount() => (await One.Value).NewAccount();

    /// <summary>One of its own, for a test that stops it.</summary>
    public static async Task<Azurite> Start()
    {
        var azurite = new Azurite(Directory.CreateTempSubdirectory("azurite-"), FreePort());
        await azurite.IsReady();
        return azurite;
    }

    public async Task Kill()
    {
        await keeper.StandardInput.WriteLineAsync("keep the files");
        keeper.StandardInput.Close();
        await keeper.WaitForExitAsync();
    }

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

    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private string ConnectionString(string account) => $"AccountName={account};AccountKey={Key};TableEndpoint=http://127.0.0.1:{port}/{account}";

    private static Process Keep(DirectoryInfo folder, int port)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "-c", Keeper, folder.FullName, Program ?? throw new InvalidOperationException("azurite-table isn't on the path."),
            "--tableHost", "127.0.0.1", "--tablePort", $"{port}", "--location", folder.FullName, "--silent", "--disableTelemetry",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["AZURITE_ACCOUNTS"] = string.Join(';', Enumerable.Range(0, 200).Select(number => $"shop{number}:{Key}"));
        return Process.Start(start)!;
    }

    private async Task IsReady()
    {
        using var http = new HttpClient();
        for (var look = 0; ; look++)
        {
            try
            {
                await http.GetAsync($"http://127.0.0.1:{port}/");
                return;
            }
            catch (HttpRequestException) when (look < 600 && !keeper.HasExited)
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
}
