namespace DurableTask.Core
{
    public class FailureDetails(string errorType, string errorMessage, string? stackTrace, FailureDetails? innerFailure, bool isNonRetriable)
    {
        public string ErrorType { get; } = errorType;

        public string ErrorMessage { get; } = errorMessage;

        public string? StackTrace { get; } = stackTrace;

        public FailureDetails? InnerFailure { get; } = innerFailure;

        public bool IsNonRetriable { get; } = isNonRetriable;

        public override string ToString() => $"{ErrorType}: {ErrorMessage}";
    }
}

namespace DurableTask.Core.Exceptions
{
    public class OrchestrationException(int eventId, string message, Exception innerException) : Exception(message, innerException)
    {
        public int EventId { get; set; } = eventId;

        public FailureDetails? FailureDetails { get; set; }
    }

    /// <summary>What the worker catches and wraps when an activity fails.</summary>
    public class TaskFailedException(int eventId, int scheduleId, string name, string version, string reason, Exception cause)
        : OrchestrationException(eventId, reason, cause)
    {
        public int ScheduleId { get; set; } = scheduleId;

        public string Name { get; set; } = name;

        public string Version { get; set; } = version;
    }
}
