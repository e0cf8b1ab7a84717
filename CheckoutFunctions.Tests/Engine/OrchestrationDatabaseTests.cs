using LocalHost.Storage;

namespace CheckoutFunctions.Tests.Engine;

public sealed class OrchestrationDatabaseTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("readers-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_crowd_of_readers_leaves_few_connections_with_their_caches_behind()
    {
        const int Crowd = 30;
        using var database = new OrchestrationDatabase(Path.Combine(folder.FullName, "durable.db"));
        using var together = new Barrier(Crowd);

        await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => Task.Factory.StartNew(
            () => database.Read(tables =>
            {
                together.SignalAndWait();
                return tables.Find("none");
            }),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.InRange(database.IdleReaders, 1, 8);
    }
}
