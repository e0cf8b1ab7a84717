namespace LocalHost.Engine;

/// <summary>Something that the engine can run now: one turn of an orchestration, or one attempt of an activity.</summary>
public abstract record WorkItem(string InstanceId, DateTimeOffset VisibleTime);

/// <summary>The instance has visible new events.</summary>
public sealed record OrchestrationWorkItem(string InstanceId, DateTimeOffset VisibleTime) : WorkItem(InstanceId, VisibleTime);

/// <summary>An activity that nobody holds a lease on. <paramref name="Attempt"/> counts the leases taken so far.</summary>
public sealed record ActivityWorkItem(string InstanceId, DateTimeOffset VisibleTime, long Id, string Name, int Attempt) : WorkItem(InstanceId, VisibleTime);
