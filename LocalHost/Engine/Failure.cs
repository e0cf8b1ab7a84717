namespace LocalHost.Engine;

/// <summary>Why a task failed, as it is stored: type name, message and stack, without the exception.</summary>
public sealed record Failure(string ErrorType, string ErrorMessage, string? StackTrace = null, Failure? InnerFailure = null)
{
    public static Failure Of(Exception exception) => new(
        NameOf(exception),
        exception.Message,
        exception.StackTrace,
        exception switch
        {
            TaskFailedException { FailureDetails: { } details } => Of(details),
            { InnerException: { } inner } => Of(inner),
            _ => null,
        });

    public TaskFailureDetails ToDetails() => new(ErrorType, ErrorMessage, StackTrace, InnerFailure?.ToDetails(), null);

    /// <summary>An orchestration's output when its code threw: plain text, not JSON.</summary>
    public string ToOutput() => $"{ErrorType}: {ErrorMessage}";

    private static Failure Of(TaskFailureDetails details) =>
        new(details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure is { } inner ? Of(inner) : null);

    private static string NameOf(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;
}
