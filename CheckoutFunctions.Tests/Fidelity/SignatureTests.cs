using System.Reflection;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Tests.Fidelity;

/// <summary>The SDK's surface that code here may rely on: a stand-in that drifts from it fails. Real packages must pass as well.</summary>
public sealed class SignatureTests
{
    private static readonly Type Context = typeof(TaskOrchestrationContext);
    private static readonly Type Client = typeof(DurableTaskClient);

    public static TheoryData<Type, string, string> Methods { get; } = new()
    {
        { Context, "GetInput", "abstract T ()" },
        { Context, "CallActivityAsync", "abstract Task<TResult> (TaskName name, Object input = null, TaskOptions options = null)" },
        { Context, "CallActivityAsync", "virtual Task<TResult> (TaskName name, TaskOptions options)" },
        { Context, "CallActivityAsync", "virtual Task (TaskName name, Object input = null, TaskOptions options = null)" },
        { Context, "CallActivityAsync", "virtual Task (TaskName name, TaskOptions options)" },
        { Context, "CallSubOrchestratorAsync", "abstract Task<TResult> (TaskName orchestratorName, Object input = null, TaskOptions options = null)" },
        { Context, "CallSubOrchestratorAsync", "virtual Task<TResult> (TaskName orchestratorName, TaskOptions options)" },
        { Context, "CallSubOrchestratorAsync", "virtual Task (TaskName orchestratorName, Object input = null, TaskOptions options = null)" },
        { Context, "CallSubOrchestratorAsync", "virtual Task (TaskName orchestratorName, TaskOptions options)" },
        { Context, "CreateTimer", "abstract Task (DateTime fireAt, CancellationToken cancellationToken)" },
        { Context, "CreateTimer", "virtual Task (TimeSpan delay, CancellationToken cancellationToken)" },
        { Context, "WaitForExternalEvent", "abstract Task<T> (String eventName, CancellationToken cancellationToken = default)" },
        { Context, "WaitForExternalEvent", "Task<T> (String eventName, TimeSpan timeout)" },
        { Context, "WaitForExternalEvent", "Task<T> (String eventName, TimeSpan timeout, CancellationToken cancellationToken)" },
        { Context, "SendEvent", "abstract Void (String instanceId, String eventName, Object payload)" },
        { Context, "SetCustomStatus", "abstract Void (Object customStatus)" },
        { Context, "ContinueAsNew", "abstract Void (Object newInput = null, Boolean preserveUnprocessedEvents = True)" },
        { Context, "NewGuid", "abstract Guid ()" },
        { Context, "CreateReplaySafeLogger", "virtual ILogger (String categoryName)" },
        { Context, "CreateReplaySafeLogger", "virtual ILogger (Type type)" },
        { Context, "CreateReplaySafeLogger", "virtual ILogger ()" },
        { Client, "ScheduleNewOrchestrationInstanceAsync", "abstract Task<String> (TaskName orchestratorName, Object input = null, StartOrchestrationOptions options = null, CancellationToken cancellation = default)" },
        { Client, "ScheduleNewOrchestrationInstanceAsync", "virtual Task<String> (TaskName orchestratorName, CancellationToken cancellation)" },
        { Client, "ScheduleNewOrchestrationInstanceAsync", "virtual Task<String> (TaskName orchestratorName, Object input, CancellationToken cancellation)" },
        { Client, "ScheduleNewOrchestrationInstanceAsync", "virtual Task<String> (TaskName orchestratorName, StartOrchestrationOptions options, CancellationToken cancellation = default)" },
        { Client, "RaiseEventAsync", "abstract Task (String instanceId, String eventName, Object eventPayload = null, CancellationToken cancellation = default)" },
        { Client, "RaiseEventAsync", "virtual Task (String instanceId, String eventName, CancellationToken cancellation)" },
        { Client, "WaitForInstanceStartAsync", "abstract Task<OrchestrationMetadata> (String instanceId, Boolean getInputsAndOutputs = False, CancellationToken cancellation = default)" },
        { Client, "WaitForInstanceCompletionAsync", "abstract Task<OrchestrationMetadata> (String instanceId, Boolean getInputsAndOutputs = False, CancellationToken cancellation = default)" },
        { Client, "TerminateInstanceAsync", "virtual Task (String instanceId, Object output, CancellationToken cancellation = default)" },
        { Client, "TerminateInstanceAsync", "virtual Task (String instanceId, TerminateInstanceOptions options = null, CancellationToken cancellation = default)" },
        { Client, "SuspendInstanceAsync", "abstract Task (String instanceId, String reason = null, CancellationToken cancellation = default)" },
        { Client, "ResumeInstanceAsync", "abstract Task (String instanceId, String reason = null, CancellationToken cancellation = default)" },
        { Client, "GetInstancesAsync", "abstract Task<OrchestrationMetadata> (String instanceId, Boolean getInputsAndOutputs = False, CancellationToken cancellation = default)" },
        { Client, "GetInstanceAsync", "virtual Task<OrchestrationMetadata> (String instanceId, Boolean getInputsAndOutputs = False, CancellationToken cancellation = default)" },
        { Client, "GetInstanceAsync", "virtual Task<OrchestrationMetadata> (String instanceId, CancellationToken cancellation)" },
        { Client, "GetAllInstancesAsync", "abstract AsyncPageable<OrchestrationMetadata> (OrchestrationQuery filter = null)" },
        { Client, "PurgeInstanceAsync", "virtual Task<PurgeResult> (String instanceId, PurgeInstanceOptions options = null, CancellationToken cancellation = default)" },
        { Client, "PurgeAllInstancesAsync", "virtual Task<PurgeResult> (PurgeInstancesFilter filter, PurgeInstanceOptions options = null, CancellationToken cancellation = default)" },
        { Client, "RestartAsync", "virtual Task<String> (String instanceId, Boolean restartWithNewInstanceId = False, CancellationToken cancellation = default)" },
        { Client, "RewindInstanceAsync", "virtual Task (String instanceId, String reason, CancellationToken cancellation = default)" },
        { typeof(TaskFailureDetails), "IsCausedBy", "Boolean ()" },
        { typeof(TaskFailureDetails), "IsCausedBy", "Boolean (Type targetBaseExceptionType)" },
        { typeof(AsyncPageable<string>), "AsPages", "abstract IAsyncEnumerable<Page<String>> (String continuationToken = null, Nullable<Int32> pageSizeHint = null)" },
    };

    public static TheoryData<Type, string> Constructors { get; } = new()
    {
        { typeof(TaskName), "(String name)" },
        { typeof(TaskOptions), "(TaskRetryOptions retry = null, IDictionary<String, String> tags = null)" },
        { typeof(SubOrchestrationOptions), "(TaskOptions options, String instanceId = null)" },
        { typeof(SubOrchestrationOptions), "(TaskRetryOptions retry = null, String instanceId = null)" },
        { typeof(RetryPolicy), "(Int32 maxNumberOfAttempts, TimeSpan firstRetryInterval, Double backoffCoefficient = 1, Nullable<TimeSpan> maxRetryInterval = null, Nullable<TimeSpan> retryTimeout = null)" },
        { typeof(TaskRetryOptions), "(RetryPolicy policy)" },
        { typeof(TaskRetryOptions), "(AsyncRetryHandler handler)" },
        { typeof(Microsoft.DurableTask.RetryContext), "(TaskOrchestrationContext OrchestrationContext, Int32 LastAttemptNumber, TaskFailureDetails LastFailure, TimeSpan TotalRetryTime, CancellationToken CancellationToken)" },
        { typeof(TaskFailedException), "(String taskName, Int32 taskId, TaskFailureDetails failureDetails)" },
        { typeof(TaskFailedException), "(String taskName, Int32 taskId, Exception innerException)" },
        { typeof(TaskFailureDetails), "(String ErrorType, String ErrorMessage, String StackTrace, TaskFailureDetails InnerFailure, IDictionary<String, Object> Properties)" },
        { typeof(StartOrchestrationOptions), "(String InstanceId = null, Nullable<DateTimeOffset> StartAt = null)" },
        { typeof(Page<string>), "(IReadOnlyList<String> values, String continuationToken = null)" },
        { typeof(OrchestrationMetadata), "(String name, String instanceId)" },
        { typeof(OrchestrationQuery), "(Nullable<DateTimeOffset> CreatedFrom = null, Nullable<DateTimeOffset> CreatedTo = null, IEnumerable<OrchestrationRuntimeStatus> Statuses = null, IEnumerable<String> TaskHubNames = null, String InstanceIdPrefix = null, Int32 PageSize = 100, Boolean FetchInputsAndOutputs = False, String ContinuationToken = null)" },
        { typeof(PurgeInstancesFilter), "(Nullable<DateTimeOffset> CreatedFrom = null, Nullable<DateTimeOffset> CreatedTo = null, IEnumerable<OrchestrationRuntimeStatus> Statuses = null)" },
        { typeof(PurgeResult), "(Int32 count)" },
        { typeof(FunctionAttribute), "(String name)" },
        { typeof(HttpTriggerAttribute), "(AuthorizationLevel authLevel, params String[] methods)" },
        { typeof(QueueTriggerAttribute), "(String queueName)" },
        { typeof(QueueOutputAttribute), "(String queueName)" },
        { typeof(TimerTriggerAttribute), "(String schedule)" },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_method_is_as_the_SDK_s(Type type, string name, string signature) =>
        Assert.Contains(signature, type.GetMethods().Where(method => method.Name == name).Select(Signature));

    [Theory]
    [MemberData(nameof(Constructors))]
    public void A_constructor_is_as_the_SDK_s(Type type, string parameters) => Assert.Contains(parameters, type.GetConstructors().Select(Parameters));

    /// <summary>One more abstract member and no app's fake of these would compile; one fewer, and ours wouldn't over the real SDK.</summary>
    [Theory]
    [InlineData(typeof(TaskOrchestrationContext), "CallActivityAsync CallSubOrchestratorAsync ContinueAsNew CreateTimer CurrentUtcDateTime GetInput InstanceId IsReplaying LoggerFactory Name NewGuid Parent SendEvent SetCustomStatus WaitForExternalEvent")]
    [InlineData(typeof(DurableTaskClient), "DisposeAsync GetAllInstancesAsync GetInstancesAsync RaiseEventAsync ResumeInstanceAsync ScheduleNewOrchestrationInstanceAsync SuspendInstanceAsync WaitForInstanceCompletionAsync WaitForInstanceStartAsync")]
    [InlineData(typeof(AsyncPageable<string>), "AsPages")]
    public void Exactly_what_the_SDK_leaves_open_is_abstract(Type type, string members) => Assert.Equal(
        members,
        string.Join(' ', type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.IsAbstract).Select(method => method.Name.Replace("get_", string.Empty, StringComparison.Ordinal)).Order(StringComparer.Ordinal)));

    [Fact]
    public void Kinds_of_types_are_the_SDK_s()
    {
        Assert.All(
            [
                typeof(TaskOptions), typeof(SubOrchestrationOptions), typeof(StartOrchestrationOptions), typeof(Microsoft.DurableTask.RetryContext), typeof(TaskFailureDetails),
                typeof(OrchestrationQuery), typeof(PurgeInstancesFilter), typeof(ParentOrchestrationInstance),
            ],
            type => Assert.NotNull(type.GetMethod("<Clone>$")));
        Assert.All([typeof(TaskRetryOptions), typeof(TaskFailedException), typeof(OrchestrationMetadata), typeof(Page<string>)], type => Assert.True(type.IsSealed && type.GetMethod("<Clone>$") is null));
        Assert.True(typeof(TaskName).IsValueType);
        Assert.Equal(typeof(TaskOptions), typeof(SubOrchestrationOptions).BaseType);
        Assert.Equal(typeof(Exception), typeof(TaskFailedException).BaseType);
        Assert.True(Context.IsAbstract && Context.GetConstructor(BindingFlags.NonPublic | BindingFlags.Instance, [])!.IsFamily);
        Assert.True(Client.IsAbstract && Client.IsAssignableTo(typeof(IAsyncDisposable)));
        Assert.Null(typeof(RetryPolicy).GetMethod("<Clone>$"));
        Assert.Equal(["Running=0", "Completed=1", "ContinuedAsNew=2", "Failed=3", "Canceled=4", "Terminated=5", "Pending=6", "Suspended=7"], Values<OrchestrationRuntimeStatus>());
        Assert.Equal(["Anonymous=0", "User=1", "Function=2", "System=3", "Admin=4"], Values<AuthorizationLevel>());
    }

    /// <summary>Compiled use: conversions, initializers and extension methods that reflection says little about.</summary>
    [Fact]
    public void Options_and_policies_are_written_as_with_the_SDK()
    {
        TaskName name = "Pay";
        string text = name;
        Assert.Equal("Pay", text);
        Assert.Equal(string.Empty, name.Version);

        var policy = new RetryPolicy(2, TimeSpan.FromSeconds(1)) { HandleFailure = failure => failure.ErrorType != "no" };
        Assert.Equal((1.0, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan), (policy.BackoffCoefficient, policy.MaxRetryInterval, policy.RetryTimeout));
        Assert.Equal(Timeout.InfiniteTimeSpan, new RetryPolicy(1, TimeSpan.FromSeconds(1), 1, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan).MaxRetryInterval);
        TaskRetryOptions retry = policy, sync = (RetryHandler)(_ => true), async = (AsyncRetryHandler)(_ => Task.FromResult(true));
        Assert.Same(policy, retry.Policy);
        Assert.All([sync.Handler, async.Handler, TaskOptions.FromRetryHandler((RetryHandler)(_ => false)).Retry!.Handler, TaskOptions.FromRetryHandler((AsyncRetryHandler)(_ => Task.FromResult(false))).Retry!.Handler], Assert.NotNull);

        var child = (TaskOptions.FromRetryPolicy(policy) with { Tags = new Dictionary<string, string> { ["a"] = "b" }, Version = "2" }).WithInstanceId("kid");
        Assert.Equal(("kid", "2", "b"), (child.InstanceId, child.Version!.Value.Version, child.Tags!["a"]));
        Assert.Equal("kid", new SubOrchestrationOptions(child).InstanceId);

        var start = new StartOrchestrationOptions("one", DateTimeOffset.UnixEpoch) { Version = "2", Tags = new Dictionary<string, string>() };
        Assert.Equal(["Failed", "Completed"], start.WithDedupeStatuses(OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Completed).DedupeStatuses);
        Assert.Empty(new StartOrchestrationOptions().Tags);

        var trigger = new HttpTriggerAttribute(AuthorizationLevel.Anonymous, "get", "post") { Route = "a/{b}" };
        Assert.Equal((AuthorizationLevel.Anonymous, "a/{b}", 2), (trigger.AuthLevel, trigger.Route, trigger.Methods!.Length));
        Assert.Equal("jobs", new QueueTriggerAttribute("q") { Connection = "jobs" }.Connection);
        Assert.Equal("jobs", new QueueOutputAttribute("q") { Connection = "jobs" }.Connection);
        Assert.True(new TimerTriggerAttribute("0 * * * * *") { RunOnStartup = true }.RunOnStartup);
        var timer = new TimerInfo { IsPastDue = true, ScheduleStatus = new ScheduleStatus { Last = default, Next = default, LastUpdated = default } };
        Assert.True(timer.IsPastDue);
    }

    [Fact]
    public void An_instance_s_metadata_is_read_as_with_the_SDK()
    {
        var bare = new OrchestrationMetadata("Pay", "one")
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Running,
            CreatedAt = default,
            LastUpdatedAt = default,
            SerializedInput = "1",
            SerializedOutput = "2",
            SerializedCustomStatus = "3",
            Tags = new Dictionary<string, string>(),
            FailureDetails = null,
            DataConverter = null,
        };

        Assert.True(bare is { IsRunning: true, IsCompleted: false });
        Assert.Throws<InvalidOperationException>(() => bare.ReadInputAs<int>());
        Assert.Throws<InvalidOperationException>(() => bare.ReadOutputAs<int>());
        Assert.Throws<InvalidOperationException>(() => bare.ReadCustomStatusAs<int>());
        Assert.All(
            [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated],
            status => Assert.True(new OrchestrationMetadata("Pay", "one") { RuntimeStatus = status }.IsCompleted));
        Assert.Equal(2, new PurgeResult(2).PurgedInstanceCount);
    }

    /// <summary>What a function reads from its context.</summary>
    [Theory]
    [InlineData(typeof(FunctionContext), "InvocationId FunctionId FunctionDefinition BindingContext InstanceServices Items CancellationToken")]
    [InlineData(typeof(BindingContext), "BindingData")]
    [InlineData(typeof(TaskOrchestrationContext), "Version Properties ReplaySafeLoggerFactory")]
    public void What_a_context_tells_can_be_overridden(Type type, string properties) => Assert.All(
        properties.Split(' '), property => Assert.True(type.GetProperty(property)!.GetMethod is { IsVirtual: true, IsFinal: false }));

    [Fact]
    public void A_function_s_context_gives_loggers()
    {
        Func<FunctionContext, ILogger<SignatureTests>> logger = context => context.GetLogger<SignatureTests>();

        Assert.NotNull(logger);
    }

    private static List<string> Values<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(value => $"{value}={Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture)}")];

    private static string Signature(MethodInfo method) =>
        (method.IsAbstract ? "abstract " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : string.Empty) + $"{Name(method.ReturnType)} {Parameters(method)}";

    private static string Parameters(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(Parameter))})";

    private static string Parameter(ParameterInfo parameter) =>
        (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : string.Empty)
        + $"{Name(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? (parameter.ParameterType == typeof(CancellationToken) ? "default" : "null")}" : string.Empty);

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
