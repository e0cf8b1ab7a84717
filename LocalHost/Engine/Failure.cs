using System.Globalization;

namespace LocalHost.Engine;

/// <summary>Why a task failed, as it is stored: type name, message and stack, without the exception.</summary>
public sealed record Failure(string ErrorType, string ErrorMessage, string? StackTrace = null, Failure? InnerFailure = null)
{
    /// <summary>Characters of a message or a stack that are kept: a text that grows without end must not take the history with it.</summary>
    public const int TextLimit = 2_000_000;

    /// <summary>Causes of causes that are kept: JSON is written no deeper than 64.</summary>
    public const int DepthLimit = 30;

    private const string Unknown = "(unknown)";

    /// <summary>What only the history tells, and code doesn't: no such function, or a child that was terminated.</summary>
    public static Failure WithoutDetails(string reason) => new(Unknown, reason);

    public static Failure Of(Exception exception) => Of(exception, DepthLimit);

    /// <summary>What the caller of an activity catches. Without details, its message is the inner exception's and its details are unknown.</summary>
    public TaskFailedException OfActivity(string name, int taskId) =>
        new(name, taskId, new CoreTaskFailedException(0, taskId, name, string.Empty, null!, null!) { FailureDetails = HasDetails ? ToCoreDetails() : null });

    /// <summary>What the caller of a sub-orchestration catches. Without details, those are null.</summary>
    public TaskFailedException OfSubOrchestration(string name, int taskId) => new(name, taskId, HasDetails ? ToDetails() : null!);

    /// <summary>An orchestration's output when its code threw: plain text, not JSON.</summary>
    public string ToOutput() => $"{ErrorType}: {ErrorMessage}";

    /// <summary>The text, or its beginning with a note of what is missing.</summary>
    public static string? Cut(string? text, int limit = TextLimit) => text is null || text.Length <= limit
        ? text
        : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, limit)}… (cut: {text.Length} characters)");

    private static Failure Of(Exception exception, int depth) => new(
        NameOf(exception),
        MessageOf(exception),
        Cut(exception.StackTrace),
        depth == 0 ? null : exception switch
        {
            TaskFailedException { FailureDetails: { } details } => Of(details, depth - 1),
            { InnerException: { } inner } => Of(inner, depth - 1),
            _ => null,
        });

    private static Failure Of(TaskFailureDetails details, int depth) => new(
        details.ErrorType,
        details.ErrorMessage,
        details.StackTrace,
        depth > 0 && details.InnerFailure is { } inner ? Of(inner, depth - 1) : null);

    // Somebody else's code: it can throw too.
    private static string MessageOf(Exception exception)
    {
        try
        {
            return Cut(exception.Message) ?? string.Empty;
        }
        catch (Exception thrown)
        {
            return $"(The message of this exception can't be read: {NameOf(thrown)}.)";
        }
    }

    private bool HasDetails => ErrorType != Unknown;

    private TaskFailureDetails ToDetails() => new(ErrorType, ErrorMessage, StackTrace, InnerFailure?.ToDetails(), null);

    private CoreFailureDetails ToCoreDetails() => new(ErrorType, ErrorMessage, StackTrace, InnerFailure?.ToCoreDetails(), isNonRetriable: false);

    private static string NameOf(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;
}
