namespace LocalHost.QueueTriggers;

/// <summary>A message taken off a queue, for the n-th time.</summary>
internal sealed record QueueMessage(string Id, string Queue, string Body, int DequeueCount);
