using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Checkouts;

/// <summary>The engine as LocalHost runs it, on a store of the caller's, with checkouts to run.</summary>
internal sealed class CheckoutEngine : IDisposable
{
    private readonly IOrchestrationStore store;
    private readonly Answers answers = new();

    public CheckoutEngine(string path, EngineOptions? options = null, IEngineFaults? faults = null)
    {
        store = new SqliteOrchestrationStore(path);
        Engine = new DurableEngine(store, new InstantFunctions(answers), TimeProvider.System, NullLoggerFactory.Instance, options, faults);
        Client = new LocalDurableTaskClient(Engine);
    }

    public DurableEngine Engine { get; }

    public LocalDurableTaskClient Client { get; }

    /// <summary>Ids as the API makes them.</summary>
    public static List<CheckoutScript> Buyers(int count) => [.. Enumerable.Range(0, count).Select(_ => new CheckoutScript("chk_" + InstanceId()))];

    /// <summary>Runs all these checkouts under the pump, so many at a time.</summary>
    public async Task RunAll(IEnumerable<CheckoutScript> buyers, int concurrent)
    {
        using var pump = new EngineService(Engine, NullLogger<EngineService>.Instance);
        await pump.StartAsync(CancellationToken.None);
        var queue = new Queue<CheckoutScript>(buyers);
        await Task.WhenAll(Enumerable.Range(0, concurrent).Select(_ => Task.Run(Serve)));
        await pump.StopAsync(CancellationToken.None);

        async Task Serve()
        {
            while (Next() is { } buyer)
                await buyer.Run(Client, answers);
        }

        CheckoutScript? Next()
        {
            lock (queue)
                return queue.TryDequeue(out var buyer) ? buyer : null;
        }
    }

    /// <summary>
    /// Runs all these checkouts one work item at a time, with as few turns as can be: every activity that could run has run, and every buyer
    /// who heard an answer has gone on, before a turn takes all of that at once.
    /// </summary>
    public async Task StepAll(IReadOnlyList<CheckoutScript> buyers)
    {
        var ready = new Queue<(CheckoutScript Buyer, int Step)>(buyers.Select(buyer => (buyer, 0)));
        var waiting = buyers.SelectMany(buyer => Enumerable.Range(1, CheckoutScript.Steps - 1).Select(step => (buyer, step)))
            .ToDictionary(next => CheckoutScript.KeyOf(next.buyer.Id, next.step), next => (next.buyer, next.step + 1));
        answers.Heard = key => ready.Enqueue(waiting[key]);
        do
        {
            while (ready.TryDequeue(out var next))
            {
                if (next.Step < CheckoutScript.Steps)
                    await next.Buyer.Do(next.Step, Client);
                if (next.Step == 0)
                    ready.Enqueue((next.Buyer, 1));
            }
        }
        while (await Step());
    }

    /// <summary>Runs all activities that could run now, or else all turns.</summary>
    /// <returns>False if nothing could run.</returns>
    public async Task<bool> Step()
    {
        var runnable = Engine.Runnable();
        var activities = runnable.Where(item => item is ActivityWorkItem).ToList();
        foreach (var item in activities.Count > 0 ? activities : runnable)
            await Engine.RunAsync(item);
        return runnable.Count > 0;
    }

    public void Dispose() => store.Dispose();

    private static string InstanceId() => System.Security.Cryptography.RandomNumberGenerator.GetHexString(32, lowercase: true);
}
