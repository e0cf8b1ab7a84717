using System.Text.Json;
using CheckoutFunctions.Tests.Fidelity;
using LocalHost;
using LocalHost.Engine;
using LocalHost.Functions;
using LocalHost.QueueTriggers;
using LocalHost.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CheckoutFunctions.Tests.LocalHost;

/// <summary>Orchestrators and activities as the engine calls them.</summary>
public sealed class TaskFunctionsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tasks-");

    [Fact]
    [Behaviour("1.15")]
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
    [Behaviour("15.3")]
    public async Task An_orchestrator_gets_its_input_as_the_first_parameter_that_nothing_else_binds_to()
    {
        Assert.Equal("word True", await Orchestrator("Word", "\"word\""));
        Assert.Equal("6f9619ff-8b86-d011-b42d-00c04fc964ff", await Orchestrator("Identity", "\"6f9619ff-8b86-d011-b42d-00c04fc964ff\""));
        Assert.Equal("5 e", await Orchestrator("Record", """{"value":5,"name":"e"}"""));
        Assert.Equal("5 e", await Orchestrator("InputFirst", """{"Value":5,"Name":"e"}"""));
        Assert.Equal("none", await Orchestrator("Record", null));
    }

    [Fact]
    [Behaviour("1.10")]
    public async Task An_orchestrator_s_input_binds_only_where_the_types_are_exactly_the_same()
    {
        Assert.Equal("3", await Orchestrator("Int", "3"));
        Assert.Equal("none", await Orchestrator("MaybeInt", "3"));
        Assert.Equal("none", await Orchestrator("Abstract", """{"$type":"circle","R":1}"""));
    }

    [Fact]
    [Behaviour("15.3")]
    public async Task An_orchestrator_whose_number_is_missing_or_null_fails()
    {
        var missing = await Assert.ThrowsAsync<FunctionInputConverterException>(() => Orchestrator("Int", null));

        Assert.Equal("Microsoft.Azure.Functions.Worker.FunctionInputConverterException", missing.GetType().FullName);
        Assert.Equal(
            "Error converting 1 input parameters for Function 'Int': Could not populate the value for 'number' parameter. "
            + "Consider adding a default value or making the parameter nullable.",
            missing.Message);
        await Assert.ThrowsAsync<JsonException>(() => Orchestrator("Int", "null"));
    }

    [Fact]
    [Behaviour("15.1")]
    public async Task Each_run_of_an_orchestrator_from_its_top_has_an_instance_and_a_scope_of_its_own()
    {
        var services = new ServiceCollection().AddSingleton<Runs>().AddScoped<Scoped>().BuildServiceProvider();
        var tasks = Tasks(typeof(Replayed), services);

        Assert.Equal("instance 1, scope 1", await tasks.RunOrchestrator("Replayed", new InputOnly("Replayed", null)));
        Assert.Equal("instance 2, scope 2", await tasks.RunOrchestrator("Replayed", new InputOnly("Replayed", null)));

        var runs = services.GetRequiredService<Runs>();
        Assert.Equal((2, 0), (runs.ScopesDisposed, runs.InstancesDisposed));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(10, 0)]
    [Behaviour("15.1")]
    public async Task A_run_that_is_dropped_in_the_middle_ends_its_scope(int liveInstances, int droppedWhileWaiting)
    {
        var services = new ServiceCollection().AddSingleton<Runs>().AddScoped<Scoped>().BuildServiceProvider();
        var runs = services.GetRequiredService<Runs>();
        using var store = new SqliteOrchestrationStore(SqliteOrchestrationStore.InMemory);
        var options = new EngineOptions { LiveInstances = liveInstances };
        var engine = new DurableEngine(store, Tasks(typeof(Waits), services), new ManualTimeProvider(), NullLoggerFactory.Instance, options);
        var client = new LocalDurableTaskClient(engine);
        await client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("one"));
        await engine.RunOneAsync();
        await client.RaiseEventAsync("one", "Go");
        await engine.RunOneAsync();

        Assert.Equal(droppedWhileWaiting, runs.ScopesDisposed);
        await client.TerminateInstanceAsync("one");
        await engine.RunOneAsync();

        Assert.Equal(runs.Scopes, runs.ScopesDisposed);
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
    [Behaviour("1.15")]
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

    private TaskFunctions Tasks(Type functions, IServiceProvider? given = null)
    {
        var services = given ?? new ServiceCollection().BuildServiceProvider();
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

        [Function("Word")]
        public static Task<string> Word(FunctionContext function, CancellationToken cancellation, string word, [OrchestrationTrigger] TaskOrchestrationContext context) =>
            Task.FromResult($"{word} {function.FunctionDefinition.Name == "Word"}");

        [Function("Identity")]
        public static Task<string> Identity([OrchestrationTrigger] TaskOrchestrationContext context, Guid id) => Task.FromResult($"{id}");

        [Function("Int")]
        public static Task<string> Int([OrchestrationTrigger] TaskOrchestrationContext context, int number) => Task.FromResult($"{number}");

        [Function("MaybeInt")]
        public static Task<string> MaybeInt([OrchestrationTrigger] TaskOrchestrationContext context, int? number) => Task.FromResult(number?.ToString() ?? "none");

        [Function("Abstract")]
        public static Task<string> Abstract([OrchestrationTrigger] TaskOrchestrationContext context, Shape? shape) => Task.FromResult(shape is null ? "none" : "shape");
    }

    public sealed class Runs
    {
        public int Instances { get; set; }

        public int Scopes { get; set; }

        public int InstancesDisposed { get; set; }

        public int ScopesDisposed { get; set; }
    }

    public sealed class Scoped(Runs runs) : IDisposable
    {
        public int Number { get; } = ++runs.Scopes;

        public void Dispose() => runs.ScopesDisposed++;
    }

    public sealed class Replayed(Runs runs, Scoped scoped) : IDisposable
    {
        private readonly int number = ++runs.Instances;

        [Function("Replayed")]
        public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => Task.FromResult($"instance {number}, scope {scoped.Number}");

        public void Dispose() => runs.InstancesDisposed++;
    }

    public sealed class Waits(Scoped scoped)
    {
        [Function("Waits")]
        public async Task<int> Run([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.WaitForExternalEvent<object>("Go");
            await context.WaitForExternalEvent<object>("Never");
            return scoped.Number;
        }
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
