using CheckoutFunctions.Tests.Fidelity;
using LocalHost;
using LocalHost.Functions;
using LocalHost.QueueTriggers;
using LocalHost.Storage;
using LocalHost.TimerTriggers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.LocalHost;

/// <summary>Timer functions on a clock that the tests move; it starts at noon.</summary>
public sealed class TimerRunsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("timers-");
    private readonly ManualTimeProvider clock = new();
    private readonly Seen seen = new();
    private readonly Failures failures = new();

    [Fact]
    [Behaviour("14.2")]
    public async Task A_schedule_of_a_minute_or_longer_keeps_its_status_over_restarts()
    {
        var timer = Start(nameof(Timed.EveryFiveMinutes));
        Assert.Equal(TimeSpan.FromMinutes(5), timer.UntilNext);
        await Run(timer, after: TimeSpan.FromMinutes(5));

        await Run(Start(nameof(Timed.EveryFiveMinutes)), after: TimeSpan.FromMinutes(5));

        Assert.Equal(["last -, next 12:05:00, updated 12:00:00", "last 12:05:00, next 12:10:00, updated 12:05:00"], seen.All);
    }

    [Theory]
    [Behaviour("14.2")]
    [InlineData(nameof(Timed.EveryThreeSeconds), 3)]
    [InlineData(nameof(Timed.Unmonitored), 300)]
    public async Task A_shorter_schedule_and_one_without_a_monitor_have_no_status(string function, int seconds)
    {
        await Run(Start(function), after: TimeSpan.FromSeconds(seconds));
        clock.Advance(TimeSpan.FromHours(1));

        await Start(function).Start(CancellationToken.None);

        Assert.Equal(["no status"], seen.All);
    }

    [Fact]
    [Behaviour("14.3")]
    public async Task What_was_missed_while_the_host_was_down_is_made_up_once_at_the_start_as_past_due_with_the_old_times()
    {
        await Run(Start(nameof(Timed.EveryFiveMinutes)), after: TimeSpan.FromMinutes(5));
        seen.All.Clear();
        clock.Advance(TimeSpan.FromMinutes(17));

        var timer = Start(nameof(Timed.EveryFiveMinutes));
        await timer.Start(CancellationToken.None);
        await timer.RunIfDue(CancellationToken.None);

        Assert.Equal(["past due, last 12:05:00, next 12:10:00, updated 12:05:00"], seen.All);
        Assert.Equal(TimeSpan.FromMinutes(3), timer.UntilNext);
    }

    [Fact]
    [Behaviour("14.3")]
    public async Task A_function_that_runs_on_startup_runs_once_at_every_start_and_is_not_past_due()
    {
        await Start(nameof(Timed.OnStartup)).Start(CancellationToken.None);
        clock.Advance(TimeSpan.FromMinutes(1));

        var timer = Start(nameof(Timed.OnStartup));
        await timer.Start(CancellationToken.None);
        await timer.RunIfDue(CancellationToken.None);

        Assert.Equal(["last -, next 12:05:00, updated 12:00:00", "last 12:00:00, next 12:05:00, updated 12:00:00"], seen.All);
        Assert.Equal(TimeSpan.FromMinutes(4), timer.UntilNext);
    }

    [Fact]
    public async Task A_schedule_that_was_changed_has_missed_nothing()
    {
        await Run(Start(nameof(Timed.EveryFiveMinutes)), after: TimeSpan.FromMinutes(5));
        clock.Advance(TimeSpan.FromMinutes(40));

        var timer = Start(nameof(Timed.EveryTwoHours), storedAs: nameof(Timed.EveryFiveMinutes));
        seen.All.Clear();
        await timer.Start(CancellationToken.None);

        // Every two hours now, counted from the last run at 12:05.
        Assert.Empty(seen.All);
        Assert.Equal(TimeSpan.FromMinutes(80), timer.UntilNext);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_by_a_day_does_not_silence_a_timer_for_that_day()
    {
        var timer = Start(nameof(Timed.EveryFiveMinutes));
        await Run(timer, after: TimeSpan.FromMinutes(5));

        clock.Jump(-TimeSpan.FromDays(1));
        await timer.RunIfDue(CancellationToken.None);

        Assert.Equal(TimeSpan.FromMinutes(5), timer.UntilNext);
        await Run(timer, after: TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Nor_does_a_status_that_was_kept_when_the_clock_was_wrong()
    {
        clock.Jump(TimeSpan.FromDays(365));
        await Run(Start(nameof(Timed.EveryFiveMinutes)), after: TimeSpan.FromMinutes(5));
        clock.Jump(-TimeSpan.FromDays(365));

        var timer = Start(nameof(Timed.EveryFiveMinutes));

        Assert.Equal(TimeSpan.FromMinutes(5), timer.UntilNext);
    }

    [Fact]
    public async Task A_clock_that_is_put_right_by_seconds_repeats_no_tick()
    {
        var timer = Start(nameof(Timed.EveryFiveMinutes));
        await Run(timer, after: TimeSpan.FromMinutes(5));

        clock.Jump(-TimeSpan.FromSeconds(2));
        clock.Advance(TimeSpan.FromSeconds(2));
        await timer.RunIfDue(CancellationToken.None);

        Assert.Single(seen.All);
        Assert.Equal(TimeSpan.FromMinutes(5), timer.UntilNext);
    }

    [Fact]
    [Behaviour("14.4")]
    public async Task Ticks_that_pass_during_a_run_become_one_run_right_after_it()
    {
        var starts = new List<string>();
        seen.During = () =>
        {
            starts.Add($"{clock.GetUtcNow():ss}");
            clock.Advance(TimeSpan.FromSeconds(7));
            return Task.CompletedTask;
        };
        var timer = Start(nameof(Timed.EveryThreeSeconds));

        await Run(timer, after: TimeSpan.FromSeconds(3));
        await timer.RunIfDue(CancellationToken.None);
        await timer.RunIfDue(CancellationToken.None);

        Assert.Equal(["03", "10", "17"], starts);
    }

    [Fact]
    [Behaviour("14.4")]
    public async Task An_exception_is_logged_and_the_next_tick_runs_as_planned_without_a_retry()
    {
        seen.During = () => throw new InvalidOperationException("a sweep that fails");
        var timer = Start(nameof(Timed.EveryFiveMinutes));
        await Run(timer, after: TimeSpan.FromMinutes(5));
        await timer.RunIfDue(CancellationToken.None);

        Assert.Equal("a sweep that fails", Assert.Single(failures.Logged).Message);
        Assert.Equal(TimeSpan.FromMinutes(5), timer.UntilNext);
        seen.During = () => Task.CompletedTask;
        await Run(timer, after: TimeSpan.FromMinutes(5));
        Assert.Equal("last 12:05:00, next 12:10:00, updated 12:05:00", seen.All[^1]);
    }

    [Fact]
    public async Task A_run_that_stopping_cuts_off_is_made_up_at_the_next_start()
    {
        using var stopping = new CancellationTokenSource();
        seen.During = async () =>
        {
            await stopping.CancelAsync();
            stopping.Token.ThrowIfCancellationRequested();
        };
        clock.Advance(TimeSpan.FromMinutes(1));
        var timer = Start(nameof(Timed.EveryFiveMinutes));
        clock.Advance(TimeSpan.FromMinutes(4));
        await timer.RunIfDue(stopping.Token);
        clock.Advance(TimeSpan.FromSeconds(1));
        seen.All.Clear();

        seen.During = () => Task.CompletedTask;
        await Start(nameof(Timed.EveryFiveMinutes)).Start(CancellationToken.None);

        Assert.Equal(["past due, last -, next 12:05:00, updated 12:01:00"], seen.All);
        Assert.Empty(failures.Logged);
    }

    [Fact]
    [Behaviour("14.5")]
    public async Task A_timer_binds_to_a_string_as_JSON()
    {
        await Run(Start(nameof(Timed.AsText)), after: TimeSpan.FromMinutes(1));
        await Run(Start(nameof(Timed.FastAsText)), after: TimeSpan.FromSeconds(1));

        Assert.Equal(
            [
                """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"0001-01-01T00:00:00Z","Next":"2030-01-01T12:01:00Z","LastUpdated":"2030-01-01T12:00:00Z"},"IsPastDue":false}""",
                """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""",
            ],
            seen.All);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    private async Task Run(TimerRuns timer, TimeSpan after)
    {
        clock.Advance(after - TimeSpan.FromMilliseconds(1));
        await timer.RunIfDue(CancellationToken.None);
        var early = seen.All.Count;
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await timer.RunIfDue(CancellationToken.None);
        Assert.Equal(early + 1, seen.All.Count);
    }

    /// <summary>The function as a host has it that starts now.</summary>
    private TimerRuns Start(string function, string? storedAs = null)
    {
        var found = FunctionCatalog.Discover([typeof(Timed)]).Find(FunctionKind.Timer, function)!;
        var named = new LocalFunction(storedAs ?? function, found.Method, found.Kind, found.Trigger, found.TriggerAttribute);
        var services = new ServiceCollection().AddSingleton(seen).BuildServiceProvider();
        var queues = new QueueStore(Path.Combine(folder.FullName, "queues.db"), clock);
        var schedule = TimerSchedule.Of(named, new ConfigurationBuilder().Build(), clock.GetUtcNow().UtcDateTime);
        return new TimerRuns(
            named, schedule, new FunctionInvoker(services.GetRequiredService<IServiceScopeFactory>(), new QueueOutputs(queues, new HostJson())),
            new TimerStatusStore(Path.Combine(folder.FullName, "timers.db")), new StoreHealth(clock, failures), clock, failures);
    }

    public sealed class Seen
    {
        public List<string> All { get; } = [];

        public Func<Task> During { get; set; } = () => Task.CompletedTask;

        public Task Add(TimerInfo timer)
        {
            All.Add((timer.IsPastDue ? "past due, " : "") + (timer.ScheduleStatus is { } status
                ? $"last {(status.Last == default ? "-" : $"{status.Last:HH:mm:ss}")}, next {status.Next:HH:mm:ss}, updated {status.LastUpdated:HH:mm:ss}"
                : "no status"));
            return During();
        }
    }

    public sealed class Timed(Seen seen)
    {
        [Function(nameof(EveryFiveMinutes))]
        public Task EveryFiveMinutes([TimerTrigger("0 */5 * * * *")] TimerInfo timer) => seen.Add(timer);

        [Function(nameof(EveryTwoHours))]
        public Task EveryTwoHours([TimerTrigger("02:00:00")] TimerInfo timer) => seen.Add(timer);

        [Function(nameof(EveryThreeSeconds))]
        public Task EveryThreeSeconds([TimerTrigger("*/3 * * * * *")] TimerInfo timer, CancellationToken cancellation) => seen.Add(timer);

        [Function(nameof(Unmonitored))]
        public Task Unmonitored([TimerTrigger("0 */5 * * * *", UseMonitor = false)] TimerInfo timer) => seen.Add(timer);

        [Function(nameof(OnStartup))]
        public Task OnStartup([TimerTrigger("0 */5 * * * *", RunOnStartup = true)] TimerInfo timer) => seen.Add(timer);

        [Function(nameof(AsText))]
        public void AsText([TimerTrigger("0 * * * * *")] string timer) => seen.All.Add(timer);

        [Function(nameof(FastAsText))]
        public void FastAsText([TimerTrigger("* * * * * *")] string timer) => seen.All.Add(timer);
    }

    private sealed class Failures : ILogger
    {
        public List<Exception> Logged { get; } = [];

        public IDisposable BeginScope<TState>(TState state)
            where TState : notnull => NullLogger.Instance.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
                Logged.Add(exception);
        }
    }
}
