using CheckoutFunctions.Tests.Fidelity;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Engine;

public sealed class RetryTests : IDisposable
{
    private readonly EngineWorld world = new();
    private readonly List<double> attempts = [];

    public void Dispose() => world.Dispose();

    [Theory]
    [InlineData(0, 1, 1.0)]
    [InlineData(-1, 1, 1.0)]
    [InlineData(3, 0, 1.0)]
    [InlineData(3, -1, 1.0)]
    [InlineData(3, 1, 0.99)]
    [Behaviour("3.1")]
    public void A_policy_without_an_attempt_an_interval_or_a_factor_of_at_least_one_is_refused(int attempts, int seconds, double factor) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(attempts, TimeSpan.FromSeconds(seconds), factor));

    [Fact]
    [Behaviour("3.2")]
    public async Task Waits_grow_by_the_factor_up_to_the_maximum_and_last_exactly_that_long()
    {
        Flaky(failures: 4, new RetryPolicy(5, TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(10)));

        await world.Start("Retry");

        Assert.Equal("done", await world.Complete<string>());
        Assert.Equal([0, 1, 4, 13, 23], attempts);
    }

    [Fact]
    [Behaviour("3.2")]
    public async Task Waits_below_a_second_last_exactly_that_long_too()
    {
        Flaky(failures: 2, new RetryPolicy(3, TimeSpan.FromMilliseconds(500), 2.5));

        await world.Start("Retry");

        Assert.Equal("done", await world.Complete<string>());
        Assert.Equal([0, 0.5, 1.75], attempts);
    }

    [Fact]
    [Behaviour("3.1")]
    public async Task Attempts_count_the_first_and_after_the_last_one_its_failure_surfaces()
    {
        Flaky(failures: 10, new RetryPolicy(3, TimeSpan.FromSeconds(1)));

        await world.Start("Retry");

        Assert.Equal("Task 'Flaky' (#4) failed with an unhandled exception: failure 3", await world.Complete<string>());
        Assert.Equal([0, 1, 2], attempts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [Behaviour("3.5")]
    public async Task After_the_last_attempt_the_failure_surfaces_without_another_timer(int maximum)
    {
        Flaky(failures: 10, new RetryPolicy(maximum, TimeSpan.FromSeconds(1)));

        await world.Start("Retry");
        await world.Complete<string>();

        var history = world.Store.ReadHistory("one");
        Assert.Equal(maximum - 1, history.OfType<TimerCreated>().Count());
        Assert.Equal([typeof(TaskFailed), typeof(ExecutionCompleted)], history.TakeLast(2).Select(entry => entry.GetType()));
    }

    [Fact]
    [Behaviour("3.3")]
    public async Task The_retry_timeout_counts_from_the_first_attempt_to_the_failure_and_not_to_the_next_attempt()
    {
        Flaky(failures: 10, new RetryPolicy(9, TimeSpan.FromSeconds(3), retryTimeout: TimeSpan.FromSeconds(5)));

        await world.Start("Retry");
        await world.Complete<string>();

        Assert.Equal([0, 3, 6], attempts);
    }

    [Fact]
    [Behaviour("3.4")]
    public async Task The_policy_is_asked_after_every_attempt_but_the_last_and_again_on_every_replay()
    {
        var asked = new List<string>();
        Flaky(failures: 3, new RetryPolicy(3, TimeSpan.FromSeconds(1)) { HandleFailure = failure => Add(asked, failure.ErrorMessage) });

        await world.Start("Retry");
        await world.Complete<string>();

        // Each line is one replay: the failure, its timer, the next failure, its timer, the last failure.
        Assert.Equal(
            [
                "failure 1",
                "failure 1",
                "failure 1", "failure 2",
                "failure 1", "failure 2",
                "failure 1", "failure 2",
            ],
            asked);
    }

    [Fact]
    [Behaviour("3.4")]
    public async Task A_failure_that_the_policy_does_not_handle_surfaces_at_once()
    {
        Flaky(failures: 10, new RetryPolicy(9, TimeSpan.FromSeconds(1))
        {
            HandleFailure = failure => !(failure.IsCausedBy<InvalidOperationException>() && failure.ErrorMessage == "failure 2"),
        });

        await world.Start("Retry");

        Assert.Contains("failure 2", await world.Complete<string>());
        Assert.Equal([0, 1], attempts);
    }

    [Fact]
    [Behaviour("3.6")]
    public async Task A_handler_decides_after_every_failure_and_waits_only_if_it_does_so_itself()
    {
        var asked = new List<string>();
        Flaky(failures: 10, (RetryHandler)(retry => Add(asked, $"{retry.LastAttemptNumber} {retry.LastFailure.ErrorMessage}") && retry.LastAttemptNumber < 3));

        await world.Start("Retry");

        Assert.Equal("Task 'Flaky' (#2) failed with an unhandled exception: failure 3", await world.Complete<string>());
        Assert.Equal([0, 0, 0], attempts);
        Assert.Equal(
            [
                "1 failure 1",
                "1 failure 1", "2 failure 2",
                "1 failure 1", "2 failure 2", "3 failure 3",
            ],
            asked);
    }

    [Fact]
    [Behaviour("3.6")]
    public async Task A_failure_after_a_handler_s_own_timers_has_the_number_of_the_last_attempt()
    {
        Flaky(failures: 10, (AsyncRetryHandler)(async retry =>
        {
            if (retry.LastAttemptNumber == 3)
                return false;
            await retry.OrchestrationContext.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
            return true;
        }));

        await world.Start("Retry");

        Assert.Equal("Task 'Flaky' (#4) failed with an unhandled exception: failure 3", await world.Complete<string>());
    }

    [Fact]
    [Behaviour("3.6")]
    public async Task A_handler_may_wait_on_a_durable_timer()
    {
        var numbers = new List<int>();
        Flaky(failures: 2, (AsyncRetryHandler)(async retry =>
        {
            numbers.Add(retry.LastAttemptNumber);
            await retry.OrchestrationContext.CreateTimer(TimeSpan.FromSeconds(7), CancellationToken.None);
            return true;
        }));

        await world.Start("Retry");

        Assert.Equal("done", await world.Complete<string>());
        Assert.Equal([0, 7, 14], attempts);
        Assert.Equal([1, 2], numbers.Distinct());
    }

    private static bool Add(List<string> asked, string what)
    {
        asked.Add(what);
        return true;
    }

    private void Flaky(int failures, TaskRetryOptions retry)
    {
        var start = world.Time.GetUtcNow();
        world.Functions
            .Activity<int>("Flaky", _ =>
            {
                attempts.Add((world.Time.GetUtcNow() - start).TotalSeconds);
                return attempts.Count <= failures ? throw new InvalidOperationException($"failure {attempts.Count}") : "done";
            })
            .Orchestrator("Retry", async context =>
            {
                try
                {
                    return await context.CallActivityAsync<string>("Flaky", new TaskOptions(retry));
                }
                catch (TaskFailedException failed)
                {
                    return failed.Message;
                }
            });
    }
}
