namespace CheckoutFunctions.Tests.Engine;

public sealed class RetryTests : IDisposable
{
    private readonly EngineWorld world = new();
    private readonly List<double> attempts = [];

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task Attempts_count_the_first_and_waits_grow_up_to_the_maximum()
    {
        Flaky(failures: 4, new RetryPolicy(5, TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(10)));

        await world.Start("Retry");

        Assert.Equal("done", await world.Complete<string>());
        Assert.Equal([0, 1, 4, 13, 23], attempts);
    }

    [Fact]
    public async Task After_the_last_attempt_the_last_failure_surfaces()
    {
        Flaky(failures: 10, new RetryPolicy(3, TimeSpan.FromSeconds(1)));

        await world.Start("Retry");

        Assert.Equal("Task 'Flaky' (#4) failed with an unhandled exception: failure 3", await world.Complete<string>());
        Assert.Equal([0, 1, 2], attempts);
    }

    [Fact]
    public async Task The_retry_timeout_is_checked_when_an_attempt_fails()
    {
        Flaky(failures: 10, new RetryPolicy(9, TimeSpan.FromSeconds(3), retryTimeout: TimeSpan.FromSeconds(5)));

        await world.Start("Retry");
        await world.Complete<string>();

        Assert.Equal([0, 3, 6], attempts);
    }

    [Fact]
    public async Task A_failure_that_the_policy_does_not_handle_is_not_retried()
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
    public async Task A_handler_decides_and_may_wait_on_a_durable_timer()
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

    [Fact]
    public async Task An_unknown_activity_fails_so_that_the_orchestration_can_catch_it()
    {
        world.Functions.Orchestrator("Calls", async context =>
        {
            try
            {
                return await context.CallActivityAsync<string>("Nobody");
            }
            catch (TaskFailedException unknown)
            {
                return unknown.FailureDetails.ErrorType;
            }
        });

        await world.Start("Calls");

        Assert.Equal("(unknown)", await world.Complete<string>());
    }

    [Fact]
    public async Task A_failure_carries_its_type_message_and_cause()
    {
        TaskFailedException? caught = null;
        world.Functions
            .Activity<int>("Throws", _ => throw new InvalidOperationException("outer", new TimeoutException("inner")))
            .Orchestrator("Calls", async context =>
            {
                caught = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("Throws"));
                return true;
            });

        await world.Start("Calls");
        await world.Complete<bool>();

        Assert.NotNull(caught);
        Assert.Equal("Task 'Throws' (#0) failed with an unhandled exception: outer", caught.Message);
        Assert.Equal("System.InvalidOperationException", caught.FailureDetails.ErrorType);
        Assert.True(caught.FailureDetails.IsCausedBy<SystemException>());
        Assert.False(caught.FailureDetails.IsCausedBy<TimeoutException>());
        Assert.Equal("inner", caught.FailureDetails.InnerFailure?.ErrorMessage);
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
