using System.Text.Json;

namespace CheckoutFunctions.Tests.Fidelity;

/// <summary>What a failed task and a failed instance show.</summary>
public sealed class FailureTests
{
    [Fact]
    [Behaviour("2.1")]
    public async Task A_failure_s_message_names_the_task_its_number_among_all_that_was_scheduled_and_the_cause() =>
        Assert.Equal("Task 'fails' (#3) failed with an unhandled exception: outer msg", await BoundWorld.Run<string>(typeof(Work), "Counts"));

    [Fact]
    [Behaviour("2.2")]
    public async Task Details_carry_type_message_and_stack_of_each_exception_and_no_more()
    {
        var details = (await Caught("Fails")).FailureDetails;

        Assert.Equal(
            ("CheckoutFunctions.Tests.Fidelity.FailureTests+MyException", "outer msg"),
            (details.ErrorType, details.ErrorMessage));
        Assert.Contains(nameof(Work.Fails), details.StackTrace, StringComparison.Ordinal);
        Assert.Empty(details.Properties ?? new Dictionary<string, object?>());
        var inner = details.InnerFailure!;
        Assert.Equal(("System.ArgumentException", "two\nlines (Parameter 'prm')", null), (inner.ErrorType, inner.ErrorMessage, inner.StackTrace));
        Assert.Equal(("System.TimeoutException", "deep"), (inner.InnerFailure!.ErrorType, inner.InnerFailure.ErrorMessage));
        Assert.Null(inner.InnerFailure.InnerFailure);
    }

    [Fact]
    [Behaviour("2.2")]
    public async Task An_aggregate_s_message_lists_those_of_its_exceptions() =>
        Assert.Equal("agg (a1) (a2)", (await Caught("FailsTwice")).FailureDetails.ErrorMessage);

    [Fact]
    [Behaviour("2.3")]
    public async Task A_failure_is_caused_by_its_outermost_exception_s_type_and_that_type_s_bases_only()
    {
        var details = (await Caught("Fails")).FailureDetails;

        Assert.True(details.IsCausedBy<MyException>());
        Assert.True(details.IsCausedBy<InvalidOperationException>());
        Assert.True(details.IsCausedBy<SystemException>());
        Assert.True(details.IsCausedBy<Exception>());
        Assert.False(details.IsCausedBy<ArgumentException>());
        Assert.False(details.IsCausedBy<TimeoutException>());
    }

    [Fact]
    [Behaviour("2.4")]
    public async Task An_activity_s_failure_has_the_core_library_s_exception_inside_and_a_sub_orchestration_s_none()
    {
        var inner = (await Caught("Fails")).InnerException!;

        Assert.Equal("DurableTask.Core.Exceptions.TaskFailedException", inner.GetType().FullName);
        Assert.Equal("Exception of type 'DurableTask.Core.Exceptions.TaskFailedException' was thrown.", inner.Message);
        Assert.Null((await CaughtFromChild("Throws")).InnerException);
    }

    [Fact]
    [Behaviour("2.5")]
    public async Task A_sub_orchestration_that_threw_fails_with_its_own_exception()
    {
        var failed = await CaughtFromChild("Throws");

        Assert.Equal("Task 'Throws' (#0) failed with an unhandled exception: no way", failed.Message);
        Assert.Equal("System.InvalidOperationException", failed.FailureDetails.ErrorType);
        Assert.True(failed.FailureDetails.IsCausedBy<InvalidOperationException>());
    }

    [Fact]
    [Behaviour("2.5")]
    public async Task A_sub_orchestration_that_let_an_activity_s_failure_through_fails_with_that_failure_inside()
    {
        var failed = await CaughtFromChild("LetsThrough");

        Assert.Equal(
            "Task 'LetsThrough' (#0) failed with an unhandled exception: Task 'Fails' (#0) failed with an unhandled exception: outer msg", failed.Message);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", failed.FailureDetails.ErrorType);
        Assert.Equal("CheckoutFunctions.Tests.Fidelity.FailureTests+MyException", failed.FailureDetails.InnerFailure!.ErrorType);
        Assert.Equal("outer msg", failed.FailureDetails.InnerFailure.ErrorMessage);
        Assert.False(failed.FailureDetails.IsCausedBy<InvalidOperationException>());
    }

    [Fact]
    [Behaviour("2.6")]
    public async Task An_orchestration_that_throws_fails_with_type_and_message_as_plain_text_and_no_details()
    {
        using var world = BoundWorld.Of(typeof(Work));
        await world.Start("Throws");
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Equal("System.InvalidOperationException: no way", instance.SerializedOutput);
        Assert.Null(instance.FailureDetails);
    }

    [Fact]
    [Behaviour("2.8")]
    public async Task An_activity_of_an_unknown_name_fails_without_saying_why_and_can_be_caught()
    {
        var failed = await Caught("Nobody");

        Assert.Equal(("(unknown)", "(unknown)"), (failed.FailureDetails.ErrorType, failed.FailureDetails.ErrorMessage));
        Assert.Equal(
            "Task 'Nobody' (#0) failed with an unhandled exception: Exception of type 'DurableTask.Core.Exceptions.TaskFailedException' was thrown.",
            failed.Message);
    }

    [Fact]
    [Behaviour("2.9")]
    public async Task An_orchestrator_of_an_unknown_name_is_scheduled_and_its_instance_fails_with_the_names_that_are_known()
    {
        using var world = BoundWorld.Of(typeof(Work));
        Assert.Equal("one", await world.Start("Nobody"));
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.Equal(
            """{"message":"The function 'Nobody' doesn't exist, is disabled, or is not an orchestrator function. Additional info: """ +
            """The following are the known orchestrator functions: 'Counts', 'LetsThrough', 'Throws'.","details":null}""",
            instance.SerializedOutput);
    }

    [Fact]
    [Behaviour("2.9")]
    public async Task A_sub_orchestration_of_an_unknown_name_fails_without_details()
    {
        var failed = await CaughtFromChild("Nobody");

        Assert.Null(failed.FailureDetails);
        Assert.Equal("Task 'Nobody' (#0) failed with an unhandled exception.", failed.Message);
    }

    private static Task<TaskFailedException> Caught(string activity) => Caught(context => context.CallActivityAsync(activity));

    private static Task<TaskFailedException> CaughtFromChild(string orchestrator) => Caught(context => context.CallSubOrchestratorAsync(orchestrator));

    private static async Task<TaskFailedException> Caught(Func<TaskOrchestrationContext, Task> call)
    {
        TaskFailedException? caught = null;
        var functions = new Engine.Functions()
            .Orchestrator<bool>("Throws", Work.Throws)
            .Orchestrator<string>("LetsThrough", Work.LetsThrough)
            .Activity<JsonElement?>("Fails", _ => Work.Fails(null))
            .Activity<JsonElement?>("FailsTwice", _ => throw new AggregateException("agg", new TimeoutException("a1"), new TimeoutException("a2")))
            .Orchestrator("Calls", async context =>
            {
                caught = await Assert.ThrowsAsync<TaskFailedException>(() => call(context));
                return true;
            });
        using var world = new Engine.EngineWorld(functions: functions);
        await world.Start("Calls");
        await world.Complete<bool>();
        return caught!;
    }

    public sealed class MyException(string message, Exception inner) : InvalidOperationException(message, inner)
    {
        public string Extra { get; } = "not carried";
    }

    public static class Work
    {
        [Function("Counts")]
        public static async Task<string> Counts([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
            await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync("LetsThrough"));
            await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("Fails"));
            return (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("fails"))).Message;
        }

        [Function("LetsThrough")]
        public static Task<string> LetsThrough([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<string>("Fails");

        [Function("Throws")]
        public static Task<bool> Throws([OrchestrationTrigger] TaskOrchestrationContext context) => throw new InvalidOperationException("no way");

        [Function("Fails")]
        public static string Fails([ActivityTrigger] object? input) =>
            throw new MyException("outer msg", new ArgumentException("two\nlines", "prm", new TimeoutException("deep")));
    }
}
