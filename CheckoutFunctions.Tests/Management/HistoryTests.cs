using System.Text.Json;
using CheckoutFunctions.Tests.Api;
using CheckoutFunctions.Tests.Fidelity;

namespace CheckoutFunctions.Tests.Management;

/// <summary>Facts 16.1 to 16.4: the history as the extension writes it.</summary>
public class HistoryTests
{
    private const string Time = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$";
    private const string ScheduledTime = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?\+00:00$";

    [Fact]
    [Behaviour("16.1")]
    public async Task Questions_turns_and_sent_events_are_left_out_and_answers_stay_in_order()
    {
        await using var host = await Managed.Start();

        Assert.Equal(
            [
                "ExecutionStarted", "TaskCompleted", "TaskFailed", "TimerCreated", "TimerFired", "EventRaised",
                "SubOrchestrationInstanceCompleted", "SubOrchestrationInstanceFailed", "ExecutionCompleted",
            ],
            (await Full(host)).EnumerateArray().Select(entry => entry.GetProperty("EventType").GetString()));
    }

    [Fact]
    public async Task Each_entry_has_the_members_of_the_extension_s_in_their_order()
    {
        await using var host = await Managed.Start();
        var history = await Full(host);

        Assert.Equal("EventType,Input,Correlation,ParentTraceContext,ScheduledStartTime,Generation,GenerateNewTrace,Timestamp,FunctionName", Members("ExecutionStarted"));
        Assert.Equal("EventType,Result,Timestamp,ScheduledTime,FunctionName,Input", Members("TaskCompleted"));
        Assert.Equal("EventType,Reason,Details,FailureDetails,Timestamp,ScheduledTime,FunctionName,Input", Members("TaskFailed"));
        Assert.Equal("EventType,FireAt,Timestamp", Members("TimerCreated"));
        Assert.Equal("EventType,FireAt,Timestamp", Members("TimerFired"));
        Assert.Equal("EventType,Name,Input,ParentTraceContext,Timestamp", Members("EventRaised"));
        Assert.Equal("EventType,Result,Timestamp,ScheduledTime,FunctionName,Input", Members("SubOrchestrationInstanceCompleted"));
        Assert.Equal("EventType,Reason,Details,FailureDetails,Timestamp,ScheduledTime,FunctionName,Input", Members("SubOrchestrationInstanceFailed"));
        Assert.Equal("EventType,OrchestrationStatus,Result,FailureDetails,Timestamp", Members("ExecutionCompleted"));

        string Members(string type) => string.Join(',', Entry(history, type).EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    [Behaviour("16.1", "16.3")]
    public async Task Answers_carry_the_name_and_time_of_their_question_and_no_input()
    {
        await using var host = await Managed.Start();
        var history = await Full(host);

        foreach (var (type, name) in new[] { ("TaskCompleted", "Text"), ("TaskFailed", "Boom"), ("SubOrchestrationInstanceCompleted", "Echo"), ("SubOrchestrationInstanceFailed", "Throws") })
        {
            var entry = Entry(history, type);
            Assert.Equal((name, JsonValueKind.Null), (entry.GetProperty("FunctionName").GetString(), entry.GetProperty("Input").ValueKind));
            Assert.Matches(ScheduledTime, entry.GetProperty("ScheduledTime").GetString());
        }

        Assert.All(history.EnumerateArray(), entry => Assert.Matches(Time, entry.GetProperty("Timestamp").GetString()));
    }

    [Fact]
    [Behaviour("16.4")]
    public async Task Inputs_are_strings_of_JSON_and_results_are_JSON()
    {
        await using var host = await Managed.Start();
        var history = await Full(host);

        Assert.Equal("""{"orderId":7}""", Entry(history, "ExecutionStarted").GetProperty("Input").GetString());
        Assert.Equal("""{"R":1}""", Entry(history, "EventRaised").GetProperty("Input").GetString());
        Assert.Equal("<in>", Entry(history, "TaskCompleted").GetProperty("Result").GetString());
        Assert.Equal("plain \"q\" <ü>", Entry(history, "SubOrchestrationInstanceCompleted").GetProperty("Result").GetString());
        Assert.Equal("""{"a":"<in>","ev":{"R":1},"sub":"plain \"q\" <ü>"}""", Entry(history, "ExecutionCompleted").GetProperty("Result").GetRawText());
    }

    [Fact]
    public async Task Failures_carry_their_type_message_and_inner_failures()
    {
        await using var host = await Managed.Start();
        var history = await Full(host);

        var task = Entry(history, "TaskFailed");
        Assert.Equal("Function 'Boom' failed with an unhandled exception.", task.GetProperty("Reason").GetString());
        var details = task.GetProperty("FailureDetails");
        Assert.Equal("ErrorType,ErrorMessage,StackTrace,InnerFailure,IsNonRetriable,Properties", string.Join(',', details.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(("System.InvalidOperationException", "outer msg"), (details.GetProperty("ErrorType").GetString(), details.GetProperty("ErrorMessage").GetString()));
        var inner = details.GetProperty("InnerFailure");
        Assert.Equal(("System.ArgumentException", JsonValueKind.Null), (inner.GetProperty("ErrorType").GetString(), inner.GetProperty("StackTrace").ValueKind));
        Assert.Equal("System.TimeoutException", inner.GetProperty("InnerFailure").GetProperty("ErrorType").GetString());

        Assert.Equal("never good", Entry(history, "SubOrchestrationInstanceFailed").GetProperty("Reason").GetString());
    }

    [Fact]
    [Behaviour("16.2")]
    public async Task ShowHistory_alone_leaves_out_the_results_and_nothing_else()
    {
        await using var host = await Managed.Start();
        var history = await Full(host, "showHistory=true");

        Assert.All(history.EnumerateArray(), entry => Assert.False(entry.TryGetProperty("Result", out _)));
        Assert.Equal("""{"orderId":7}""", Entry(history, "ExecutionStarted").GetProperty("Input").GetString());
        Assert.Equal("""{"R":1}""", Entry(history, "EventRaised").GetProperty("Input").GetString());
        Assert.False((await host.Get("/instances/full?showHistoryOutput=true")).Json.TryGetProperty("historyEvents", out _));
    }

    private static async Task<JsonElement> Full(Managed host, string query = "showHistory=true&showHistoryOutput=true")
    {
        (await host.Post("/orchestrators/Full/full", """{"orderId":7}""")).Is(202);
        // The event is to come after the timer.
        await host.Until("full?showHistory=true", running => running.Body.Contains("TimerFired"));
        (await host.Post("/instances/full/raiseEvent/Go", """{"R":1}""")).Is(202);
        await host.Until("full", "Completed");
        return (await host.Get($"/instances/full?{query}")).Is(200)["historyEvents"];
    }

    private static JsonElement Entry(JsonElement history, string type) =>
        Assert.Single(history.EnumerateArray(), entry => entry.GetProperty("EventType").GetString() == type);
}
