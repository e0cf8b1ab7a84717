using LocalHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.LocalHost;

/// <summary>Timer functions in a whole host.</summary>
public class TimerTriggerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_timer_function_runs_again_and_again_on_the_schedule_of_a_setting()
    {
        var folder = Directory.CreateTempSubdirectory("timer-");
        var sweeps = new Sweeps();
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Sweep:Schedule", "00:00:00.010")]).Build();
        var options = RunningHost.Options(folder.FullName, [typeof(Often)], services => services.AddSingleton(sweeps)) with { Settings = settings };
        await using (await LocalHostApp.Start(options))
            await sweeps.Third.Task.WaitAsync(Patience);

        Assert.Equal(1, sweeps.MostAtOnce);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Stopping_waits_for_a_run_that_is_under_way()
    {
        var work = new HostTests.SlowWork();
        var host = await RunningHost.Of(typeof(Slow), services => services.AddSingleton(work));
        await work.Entered.Task.WaitAsync(Patience);

        var stopped = host.DisposeAsync().AsTask();
        Assert.NotSame(stopped, await Task.WhenAny(stopped, Task.Delay(20)));
        work.Finish.SetResult();

        await stopped.WaitAsync(Patience);
        Assert.True(work.Finish.Task.IsCompleted);
    }

    [Fact]
    public async Task A_timer_whose_function_blocks_its_thread_holds_up_no_other()
    {
        var work = new HostTests.SlowWork();
        await using var host = await RunningHost.Of(typeof(Blocking), services => services.AddSingleton(work));

        await work.Entered.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_schedule_that_cannot_be_read_refuses_the_start()
    {
        var refusal = await Assert.ThrowsAsync<LocalHostException>(() => RunningHost.Of(typeof(Misspelt)));

        Assert.StartsWith("Function 'Misspelt' (", refusal.Message, StringComparison.Ordinal);
    }

    public sealed class Sweeps
    {
        private int runs;
        private int running;

        public TaskCompletionSource Third { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int MostAtOnce { get; private set; }

        public async Task Sweep()
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref running));
            await Task.Delay(15);
            Interlocked.Decrement(ref running);
            if (++runs == 3)
                Third.SetResult();
        }
    }

    public sealed class Often(Sweeps sweeps)
    {
        [Function("Often")]
        public Task Run([TimerTrigger("%Sweep__Schedule%")] TimerInfo timer) => sweeps.Sweep();
    }

    public sealed class Blocking(HostTests.SlowWork work)
    {
        [Function("BlocksFirst")]
        public void First([TimerTrigger("0 0 0 * * *", RunOnStartup = true)] TimerInfo timer) => Assert.True(work.Entered.Task.Wait(Patience));

        [Function("RunsSecond")]
        public void Second([TimerTrigger("0 0 0 * * *", RunOnStartup = true)] TimerInfo timer) => work.Entered.SetResult();
    }

    public sealed class Slow(HostTests.SlowWork work)
    {
        [Function("Slow")]
        public async Task Run([TimerTrigger("0 0 0 * * *", RunOnStartup = true)] TimerInfo timer)
        {
            work.Entered.SetResult();
            await work.Finish.Task;
        }
    }

    public static class Misspelt
    {
        [Function("Misspelt")]
        public static void Run([TimerTrigger("0 */5 * * * * * *")] TimerInfo timer)
        {
        }
    }
}
