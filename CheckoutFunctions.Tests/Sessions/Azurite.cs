using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Sessions;

/// <summary>A test on Azurite, Azure Storage's emulator, that the tests start themselves.</summary>
public sealed class AzuriteFactAttribute() : NeedsAttribute(Azurite.Program is not null, "azurite-table isn't on the path: npm install -g azurite@3.37.0.");

/// <summary>Azurite's table service: one for this process's tests, started when the first test asks for it; or one of a test's own.</summary>
internal sealed class Azurite : IDisposable
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly Lazy<Task<Azurite>> One = new(() => Start());

    private static int count;

    private readonly int port;
    private readonly TestServer server;

    private Azurite(int port, TestServer server) => (this.port, this.server) = (port, server);

    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(path => Path.Combine(path, "azurite-table")).FirstOrDefault(File.Exists);

    /// <summary>Any account exists there: each test has its own, named here, and its own tables with it.</summary>
    public string NewAccount() => ConnectionString($"shop{Interlocked.Increment(ref count)}");

    public static async Task<string> NewSharedAccount() => (await One.Value).NewAccount();

    /// <summary>One of its own, for a test that stops it.</summary>
    public static async Task<Azurite> Start()
    {
        var program = Program ?? throw new InvalidOperationException("azurite-table isn't on the path.");
        var (folder, port) = (Directory.CreateTempSubdirectory("azurite-"), TestServer.FreePort());
        string[] command = [program, "--tableHost", "127.0.0.1", "--tablePort", $"{port}", "--location", folder.FullName, "--silent", "--disableTelemetry"];
        var accounts = string.Join(';', Enumerable.Range(0, 200).Select(number => $"shop{number}:{Key}"));
        return new(port, await TestServer.Start(folder, "INT", [], command, () => Answers(port), ("AZURITE_ACCOUNTS", accounts)));
    }

    public Task Kill() => server.Kill();

    public Task StartAgain() => server.StartAgain();

    public void Dispose() => server.Dispose();

    private string ConnectionString(string account) => $"AccountName={account};AccountKey={Key};TableEndpoint=http://127.0.0.1:{port}/{account}";

    private static async Task<bool> Answers(int port)
    {
        using var http = new HttpClient();
        try
        {
            await http.GetAsync($"http://127.0.0.1:{port}/");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
