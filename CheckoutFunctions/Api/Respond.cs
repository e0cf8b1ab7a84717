using System.Diagnostics;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace CheckoutFunctions.Api;

/// <summary>Turns what happened into a response. Functions catch their own errors: the host would answer a bare 500.</summary>
public static class Respond
{
    public static async Task<IResult> To(HttpRequest request, ILogger logger, Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (ProblemException e)
        {
            return e.Problem.ToResult();
        }
        catch (OperationCanceledException) when (request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
        catch (Exception e) when (StoreFault.IsUnavailable(e))
        {
            // One line: while it lasts, every request ends here.
            logger.LogWarning("{Method} {Path} failed: {Reason}", request.Method, request.Path, e.Message);
            return new Problem("store_unavailable", "The shop's store can't be used now. Send the request again later.").ToResult();
        }
        catch (Exception e)
        {
            var trace = Activity.Current?.TraceId.ToString() ?? request.HttpContext.TraceIdentifier;
            logger.LogError(e, "{Method} {Path} failed; trace {TraceId}", request.Method, request.Path, trace);
            return new Problem("internal_error", "The request could not be handled. Give the trace id when you ask about it.")
            {
                Extensions = { ["trace_id"] = trace },
            }.ToResult();
        }
    }

    /// <summary>The header of an answer that an earlier request under the same key got.</summary>
    public static (string Name, string Value) Replayed => ("Idempotent-Replayed", "true");

    public static IResult Session(SessionDocument session, int status = StatusCodes.Status200OK) =>
        new WithHeaders(Results.Json(session, Json.Options, statusCode: status), ("ETag", ETag(session)));

    public static string ETag(SessionDocument session) => $"\"{session.Version}\"";

    /// <summary>Whether the caller has this version already: <c>If-None-Match</c> may name several, weak ones too, or any.</summary>
    public static bool IsKnown(HttpRequest request, SessionDocument session)
    {
        var current = new EntityTagHeaderValue(ETag(session));
        return request.GetTypedHeaders().IfNoneMatch.Any(known => known == EntityTagHeaderValue.Any || known.Compare(current, useStrongComparison: false));
    }

    /// <summary>The answer to a command: the session, a problem that carries the session, or 202 where the work goes on.</summary>
    public static IResult Command(SentCommand sent, SessionDocument current)
    {
        var result = sent.Answer switch
        {
            null => StillWorking(current),
            { Code: AnswerCode.Ok } answer => Session(answer.Session),
            { Code: AnswerCode.ActionRequired } answer => StillWorking(answer.Session),
            { } answer => ProblemOf(answer).ToResult(),
        };
        return sent.Replayed ? new WithHeaders(result, Replayed) : result;
    }

    private static IResult StillWorking(SessionDocument session) => new WithHeaders(
        Session(session, StatusCodes.Status202Accepted), ("Retry-After", "2"), ("Location", $"/api/checkout/{session.CheckoutId}"));

    private static Problem ProblemOf(CommandAnswer answer)
    {
        var problem = new Problem(CodeOf(answer.Code), answer.Detail ?? "") { Errors = answer.Errors };
        if (answer.Code == AnswerCode.CardDeclined)
            problem.Extensions["decline_code"] = answer.DeclineCode;
        if (answer.Code == AnswerCode.AddressUndeliverable)
            problem.Extensions["suggestion"] = answer.Suggestion;
        if (answer.Changes is { } changes)
            problem.Extensions["changes"] = changes;
        problem.Extensions["session"] = answer.Session;
        return problem;
    }

    private static string CodeOf(AnswerCode code) => System.Text.Json.JsonSerializer.SerializeToElement(code).GetString()!;
}
