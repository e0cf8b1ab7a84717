using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Data.Sqlite;

namespace Sandbox.Calls;

/// <summary>Answers a call, with the fault that was asked for: before its effect, after it, or instead of the answer.</summary>
internal sealed class Exchange(Database database, Faults faults, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public async Task Handle(HttpContext http, Call call)
    {
        var fault = faults.Take(call.Provider.Name, call.Operation);
        Answer? answer;
        using (call.Replay)
        {
            if (fault is { DelayMs: > 0 })
            {
                // A client that doesn't wait has asked all the same: the call goes on without it.
                await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), time, lifetime.ApplicationStopping);
            }


            answer = await database.Run(connection => Perform(connection, call, fault));
        }

        switch (fault?.Kind)
        {
            case FaultKind.ConnectionReset:
                Reset(http);
                break;
            case FaultKind.TimeoutBefore or FaultKind.TimeoutAfter:
                await NeverAnswer(http);
                break;
            case FaultKind.Malformed:
                await (answer! with { Status = 200, Body = answer.Body[..(answer.Body.Length / 2)] }).Send(http);
                break;
            default:
                await answer!.Send(http);
                break;
        }
    }

    private static Answer? Perform(SqliteConnection connection, Call call, Fault? fault)
    {
        connection.Count(call.Provider.Name, call.Operation);
        return fault switch
        {
            { Kind: FaultKind.TimeoutBefore or FaultKind.ConnectionReset } => null,
            { Kind: FaultKind.Http429 } => call.Provider.TooManyRequests().With("Retry-After", "1"),
            { Kind: FaultKind.Http500, AfterEffect: false } => call.Provider.ServerError(),
            { Kind: FaultKind.Http500 } => Act(connection, call, _ => call.Provider.ServerError()),
            _ => Act(connection, call, answer => answer),
        };
    }

    private static Answer Act(SqliteConnection connection, Call call, Func<Answer, Answer> asAnswered)
    {
        if (call.Replay?.Recall(connection) is { } before)
            return before;
        var answer = asAnswered(call.Act(connection));
        call.Replay?.Remember(connection, answer);
        return answer;
    }

    private async Task NeverAnswer(HttpContext http)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        await Task.Delay(Timeout.Infinite, gone.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        http.Abort();
    }

    // Lingering for no time makes the close a reset instead of an orderly end.
    private static void Reset(HttpContext http)
    {
        if (http.Features.Get<IConnectionSocketFeature>() is { } connection)
            connection.Socket.LingerState = new(enable: true, seconds: 0);
        http.Abort();
    }
}
