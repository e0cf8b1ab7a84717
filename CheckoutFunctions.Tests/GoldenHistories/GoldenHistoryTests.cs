using CheckoutFunctions.Checkout;
using CheckoutFunctions.Refunds;
using CheckoutFunctions.Taxes;
using LocalHost.Engine;
using LocalHost.Engine.Replay;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.GoldenHistories;

/// <summary>
/// Checkouts and refunds that were under way with an earlier version must go on with this one. Each recorded history is replayed: the code has to ask for the same
/// steps with the same inputs. The engine itself compares names only, so a changed input would be found by nobody else.
/// A deliberate change of the flow adds a new step name beside the old, keeps these files, and records new ones: CHECKOUT_RECORD_GOLDEN names the folder.
/// </summary>
public sealed class GoldenHistoryTests
{
    public static TheoryData<string> Names => [.. GoldenHistory.Names()];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_checkout_under_way_goes_on_with_this_version(string name)
    {
        var history = GoldenHistory.Read(name);
        var live = new LiveExecution(history.Instance, new Orchestrations(), NullLoggerFactory.Instance, new Versioning());
        foreach (var happened in history.Events)
        {
            if (happened is ScheduledEvent recorded)
                Assert.Equal(recorded, live.Context.Tasks.Unconfirmed.FirstOrDefault(asked => asked.EventId == recorded.EventId));
            live.Replay([happened]);
            Assert.True(live.Context.Fatal is null, $"{happened}: {live.Context.Fatal}");
        }

        Assert.Empty(live.Context.Tasks.Unconfirmed);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, live.Advance([]).Status);
    }

    [Fact]
    public async Task The_recordings_show_each_way_that_a_checkout_or_a_refund_can_go()
    {
        if (Environment.GetEnvironmentVariable("CHECKOUT_RECORD_GOLDEN") is { Length: > 0 } folder)
            await Recorder.Record(folder);

        Assert.Equal(Recorder.Ways.Keys.Order(StringComparer.Ordinal), GoldenHistory.Names());
    }

    /// <summary>Each is two queue messages and a run of the orchestrator on Azure, while the buyer waits.</summary>
    [Fact]
    public void The_paid_path_has_at_most_five_activities_one_after_another()
    {
        var afterComplete = GoldenHistory.Read("completed").Events
            .SkipWhile(happened => happened is not EventRaised { Input: var input } || input?.Contains("\"Complete\"", StringComparison.Ordinal) != true);
        var hops = 0;
        var scheduledThisTurn = false;
        foreach (var happened in afterComplete.TakeWhile(happened => happened is not TaskScheduled { Name: nameof(RecordTax) }))
        {
            // What one turn schedules runs side by side.
            if (happened is OrchestratorStarted)
                scheduledThisTurn = false;
            else if (happened is TaskScheduled && !scheduledThisTurn)
                (hops, scheduledThisTurn) = (hops + 1, true);
        }

        Assert.InRange(hops, 1, 5);
    }

    private sealed class Orchestrations : ITaskFunctions
    {
        public bool HasOrchestrator(string name) => name is CheckoutOrchestrator.Name or RefundOrchestrator.Name;

        public bool HasActivity(string name) => true;

        public async Task<object?> RunOrchestrator(string name, TaskOrchestrationContext context)
        {
            await (name == RefundOrchestrator.Name ? RefundOrchestrator.Run(context) : CheckoutOrchestrator.Run(context));
            return null;
        }

        public Task<object?> RunActivity(string name, string instanceId, string? inputJson, CancellationToken cancellation) =>
            throw new InvalidOperationException("A replay runs no activity.");
    }
}
