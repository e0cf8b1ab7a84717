namespace LocalHost.QueueTriggers;

/// <summary>A message taken off a queue, for the n-th time. Its body is what stands on the queue, or what a function gets.</summary>
internal sealed record QueueMessage(string Id, string Queue, string Body, int DequeueCount);
