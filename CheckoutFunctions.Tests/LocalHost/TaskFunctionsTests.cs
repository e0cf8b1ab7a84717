using System.Text.Json;
using LocalHost;
using LocalHost.Functions;
using LocalHost.QueueTriggers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.LocalHost;

/// <summary>Orchestrators and activities as the engine calls them.</summary>
public sealed class TaskFunctionsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tasks-");

    [Fact]
    public async Task An_activity_gets_its_input_and_extras_by_name()
    {
        var returned = await Activity("Extras", """{"value":1,"Name":"nm","other":true}""");

        Assert.Equal("1 nm chk_1 Extras nm 1", returned);
    }

    [Theory]
    [InlineData("\"text\"", "Text", "text")]
    [InlineData(null, "Text", "none")]
    [InlineData("null", "MaybeNumber", "none")]
    [InlineData("3", "MaybeNumber", "3")]
    [InlineData("4", "nUmBeR", "4")]
    public async Task An_activity_gets_simple_inputs_under_its_name_in_any_case(string? json, string activity, string expected) =>
        Assert.Equal(expected, await Activity(activity, json));

    [Fact]
    public async Task An_activity_s_exception_comes_out_as_it_was_thrown()
    {
        var thrown = await Assert.ThrowsAsync<TimeoutException>(() => Activity("Throws", "1"));

        Assert.Equal("the provider is slow", thrown.Message);
        Assert.IsType<IOException>(thrown.InnerException);
    }

    [Fact]
    public async Task Input_of_another_kind_fails_the_activity()
    {
        await Assert.ThrowsAsync<JsonException>(() => Activity("Number", "\"5\""));
        await Assert.ThrowsAsync<NullReferenceException>(() => Activity("Number", null));
    }

    [Fact]
    public async Task An_orchestrator_gets_its_input_as_a_record_at_any_place()
    {
        Assert.Equal("5 e", await Orchestrator("Record", """{"value":5,"name":"e"}"""));
        Assert.Equal("5 e", await Orchestrator("InputFirst", """{"Value":5,"Name":"e"}"""));
        Assert.Equal("none", await Orchestrator("Record", null));
    }

    [Fact]
    public async Task An_orchestrator_s_input_binds_only_where_the_types_are_exactly_the_same()
    {
        Assert.Equal("3", await Orchestrator("Int", "3"));
        Assert.Equal("none", await Orchestrator("MaybeInt", "3"));
        Assert.Equal("none", await Orchestrator("Abstract", """{"$type":"circle","R":1}"""));
    }

    [Fact]
    public async Task An_orchestrator_whose_number_is_missing_fails()
    {
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => Orchestrator("Int", null));

        Assert.Contains("'number'", missing.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JsonException>(() => Orchestrator("Int", "null"));
    }

    [Fact]
    public void The_engine_is_told_which_names_are_there()
    {
        var tasks = Tasks(typeof(Work));

        Assert.True(tasks.HasActivity("EXTRAS"));
        Assert.True(tasks.HasOrchestrator("record"));
        Assert.False(tasks.HasActivity("Record"));
        Assert.False(tasks.HasOrchestrator("Nothing"));
    }

    [Theory]
    [InlineData(typeof(UnknownMember), "'Typo'", "Int32 valeu")]
    [InlineData(typeof(TwoInputs), "'TwoInputs'", "String second")]
    public void A_parameter_that_nothing_fills_refuses_the_start(Type functions, string function, string parameter)
    {
        var refusal = Assert.Throws<LocalHostException>(() => Tasks(functions));

        Assert.Contains(function, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(parameter, refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    private Task<object?> Activity(string name, string? json) => Tasks(typeof(Work)).RunActivity(name, "chk_1", json, CancellationToken.None);

    private Task<object?> Orchestrator(string name, string? json) => Tasks(typeof(Work)).RunOrchestrator(name, new InputOnly(name, json));

    private TaskFunctions Tasks(Type functions)
    {
        var services = new ServiceCollection().BuildServiceProvider();
        var queues = new QueueStore(Path.Combine(folder.FullName, "queues.db"), TimeProvider.System);
        var invoker = new FunctionInvoker(services.GetRequiredService<IServiceScopeFactory>(), new QueueOutputs(queues, new HostJson()));
        return new TaskFunctions(FunctionCatalog.Discover([functions]), invoker);
    }

    public sealed record Input(int Value, string Name);

    [System.Text.Json.Serialization.JsonDerivedType(typeof(Circle), "circle")]
    public abstract record Shape;

    public sealed record Circle(int R) : Shape;

    public sealed class Work
    {
        [Function("Extras")]
        public static async Task<string> Extras([ActivityTrigger] Input input, string instanceId, FunctionContext context, string name, int value, CancellationToken cancellation)
        {
            await Task.Delay(1, cancellation);
            return $"{input.Value} {input.Name} {instanceId} {context.FunctionDefinition.Name} {name} {value}";
        }

        [Function("Text")]
        public string Text([ActivityTrigger] string? input) => input ?? "none";

        [Function("MaybeNumber")]
        public string MaybeNumber([ActivityTrigger] int? input) => input?.ToString() ?? "none";

        [Function("Number")]
        public string Number([ActivityTrigger] int input) => $"{input}";

        [Function("Throws")]
        public Task Throws([ActivityTrigger] int input) => throw new TimeoutException("the provider is slow", new IOException());

        [Function("Record")]
        public static Task<string> Record([OrchestrationTrigger] TaskOrchestrationContext context, Input? input) =>
            Task.FromResult(input is null ? "none" : $"{input.Value} {input.Name}");

        [Function("InputFirst")]
        public static Task<string> InputFirst(Input input, [OrchestrationTrigger] TaskOrchestrationContext context, FunctionContext function) =>
            Task.FromResult($"{input.Value} {input.Name}");

        [Function("Int")]
        public static Task<string> Int([OrchestrationTrigger] TaskOrchestrationContext context, int number) => Task.FromResult($"{number}");

        [Function("MaybeInt")]
        public static Task<string> MaybeInt([OrchestrationTrigger] TaskOrchestrationContext context, int? number) => Task.FromResult(number?.ToString() ?? "none");

        [Function("Abstract")]
        public static Task<string> Abstract([OrchestrationTrigger] TaskOrchestrationContext context, Shape? shape) => Task.FromResult(shape is null ? "none" : "shape");
    }

    public static class UnknownMember
    {
        [Function("Typo")]
        public static void Run([ActivityTrigger] Input input, int valeu)
        {
        }
    }

    public static class TwoInputs
    {
        [Function("TwoInputs")]
        public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context, string first, string second) => Task.CompletedTask;
    }

    /// <summary>A context that has an input and can do nothing else.</summary>
    private sealed class InputOnly(string name, string? input) : TaskOrchestrationContext
    {
        private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

        public override TaskName Name => name;

        public override string InstanceId => "chk_1";

        public override ParentOrchestrationInstance? Parent => null;

        public override DateTime CurrentUtcDateTime => DateTime.UnixEpoch;

        public override bool IsReplaying => false;

        protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

        public override T? GetInput<T>()
            where T : default => input is null ? default : JsonSerializer.Deserialize<T>(input, Options);

        public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null) => throw new NotSupportedException();

        public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
            throw new NotSupportedException();

        public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

        public override void SetCustomStatus(object? customStatus) => throw new NotSupportedException();

        public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

        public override Guid NewGuid() => throw new NotSupportedException();
    }
}
