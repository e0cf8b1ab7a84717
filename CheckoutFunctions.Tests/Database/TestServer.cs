using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CheckoutFunctions.Tests.Database;

/// <summary>
/// A server program of the tests', on 127.0.0.1 and a free port. It ends with this process, however that ends, and its files with it: a shell keeps it
/// that reads from us until there is nobody to read from.
/// </summary>
internal sealed class TestServer : IDisposable
{
    private const string Keeper = """
        signal=$1
        shift
        "$@" > "$0/log" 2>&1 &
        read -r word
        kill -$signal $!
        wait $!
        [ "$word" ] || rm -rf "$0"
        """;

    private readonly ProcessStartInfo start;
    private readonly Func<Task<bool>> answers;
    private Process keeper;

    private TestServer(ProcessStartInfo start, Func<Task<bool>> answers) => (this.start, this.answers, keeper) = (start, answers, Process.Start(start)!);

    /// <param name="folder">Of its files and its log.</param>
    /// <param name="signal">The one that ends it.</param>
    /// <param name="prefix">Before the shell's command: as whom it runs.</param>
    /// <param name="answers">Whether it takes calls already.</param>
    public static async Task<TestServer> Start(
        DirectoryInfo folder, string signal, string[] prefix, string[] command, Func<Task<bool>> answers, params (string Name, string Value)[] environment)
    {
        string[] shell = [.. prefix, "bash", "-c", Keeper, folder.FullName, signal, .. command];
        var start = new ProcessStartInfo(shell[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in shell[1..])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var server = new TestServer(start, answers);
        await server.IsReady();
        return server;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends it and keeps its files.</summary>
    public async Task Kill()
    {
        await keeper.StandardInput.WriteLineAsync("keep the files");
        keeper.StandardInput.Close();
        await keeper.WaitForExitAsync();
    }

    /// <summary>On the same port, with the same files.</summary>
    public async Task StartAgain()
    {
        keeper = Process.Start(start)!;
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

    private async Task IsReady()
    {
        for (var look = 0; !await answers(); look++)
        {
            if (look == 600 || keeper.HasExited)
                throw new InvalidOperationException($"{start.ArgumentList[^1]}: the server never took a call.");
            await Task.Delay(50);
        }
    }
}
