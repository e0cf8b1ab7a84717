namespace LocalHost;

/// <summary>Why the host doesn't start, in one sentence for whoever started it.</summary>
public sealed class LocalHostException(string message, Exception? cause = null) : Exception(message, cause);
