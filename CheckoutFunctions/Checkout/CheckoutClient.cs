using System.Text.Json;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Checkout;

/// <summary>How a request reaches a checkout: starts its orchestration, raises a command, waits for the answer in the session store.</summary>
public sealed class CheckoutClient(ISessionStore sessions, ICommandKeys keys, SessionSignals signals, TimeProvider clock)
{
    /// <summary>Past this a request answers 202 and the work goes on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const string EndSuffix = "-end";

    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan SlowestPoll = TimeSpan.FromSeconds(1);

    /// <summary>Starts the orchestration. An instance that exists, running or ended, is left alone.</summary>
    public static Task Start(DurableTaskClient client, CheckoutState state, CancellationToken cancellation) =>
        Start(client, state.Session.CheckoutId, state, cancellation);

    /// <summary>
    /// Starts an orchestration for the end of a checkout whose own was ended by others: it shows the closed session, and does what follows a sale.
    /// Of its own, so that what is left of the first stays for whoever looks into it.
    /// </summary>
    public static Task End(DurableTaskClient client, CheckoutState closed, CancellationToken cancellation) =>
        Start(client, EndOf(closed.Session.CheckoutId), closed, cancellation);

    /// <summary>The instance that <see cref="End"/> starts.</summary>
    public static string EndOf(string checkoutId) => checkoutId + EndSuffix;

    /// <summary>Whose orchestration this is, be it the checkout's own or its end's.</summary>
    public static string CheckoutOf(string instanceId) =>
        instanceId.EndsWith(EndSuffix, StringComparison.Ordinal) ? instanceId[..^EndSuffix.Length] : instanceId;

    private static async Task Start(DurableTaskClient client, string instanceId, CheckoutState state, CancellationToken cancellation)
    {
        var options = new StartOrchestrationOptions(instanceId).WithDedupeStatuses(
            OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(CheckoutOrchestrator.Name, state, options, cancellation);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // An earlier request got here first.
        }
    }

    /// <summary>The answer to this command or, under a key that another request holds, that one's; null when it takes longer than a request may wait.</summary>
    public async Task<SentCommand> Send(DurableTaskClient client, StoredSession session, CheckoutCommand command, CancellationToken cancellation)
    {
        var admitted = await Admit(session, command, cancellation);
        if (admitted.Raise is not { } raise)
            return admitted.Settled!;

        var answer = await RaiseAndWait(client, session, raise, cancellation);
        return new(answer) { Replayed = raise.RequestId != command.RequestId && answer?.CommandKey == command.Key };
    }

    /// <summary>What is known without the checkout, by its key or because it has ended; else the command to raise, as the request that holds the key sent it.</summary>
    public async Task<AdmittedCommand> Admit(StoredSession session, CheckoutCommand command, CancellationToken cancellation)
    {
        var id = session.Document.CheckoutId;
        var closed = Closed(session.Document, command);
        // A card that was declined before another one paid gets the order too, unless its client asks for that very answer by its key.
        if (!HasOwnKey(command) || (closed is not null && command.KeyIsDerived))
            return closed is null ? new(null, command) : new(new(closed));

        var wanted = new CommandClaim(id, command.Key, command.RequestHash, command.RequestId);
        var claim = await keys.Claim(wanted, cancellation);
        var earlier = await sessions.FindAnswer(id, command.Key, cancellation);
        if (claim.RequestHash != command.RequestHash || (earlier is not null && earlier.RequestHash != command.RequestHash))
            return new(new(null) { Conflicts = true });
        if (earlier is not null)
            return new(new(earlier) { Replayed = true });
        if (closed is not null)
            return new(new(closed));

        // A request that was answered, but not under the key, left it free for another try.
        while (claim.RequestId != command.RequestId && await sessions.FindAnswer(id, claim.RequestId, cancellation) is not null)
            claim = await keys.TakeOver(wanted, claim, cancellation);

        // Raised again where another holds the key: that one's process may have ended before it could. The checkout passes a repeat over.
        return new(null, command with { RequestId = claim.RequestId });
    }

    public async Task Raise(DurableTaskClient client, StoredSession session, CheckoutCommand command, CancellationToken cancellation)
    {
        var id = session.Document.CheckoutId;
        try
        {
            await client.RaiseEventAsync(id, CheckoutCommand.EventName, command, cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // The instance itself is asked: it knows more than the refusal says.
            if (await client.GetInstanceAsync(id, cancellation: cancellation) is { } instance)
            {
                if (instance.IsCompleted && (await sessions.Find(id, cancellation))?.Document.IsClosed == true)
                    return;
                throw;
            }

            // The process ended between the session's row and the orchestration's start: finish that now.
            await Start(client, JsonSerializer.Deserialize<CheckoutState>(session.Input)!, cancellation);
            await client.RaiseEventAsync(id, CheckoutCommand.EventName, command, cancellation);
        }
    }

    private async Task<CommandAnswer?> RaiseAndWait(DurableTaskClient client, StoredSession session, CheckoutCommand command, CancellationToken cancellation)
    {
        await Raise(client, session, command, cancellation);
        return await WaitForAnswer(session.Document.CheckoutId, command, cancellation);
    }

    private async Task<CommandAnswer?> WaitForAnswer(string id, CheckoutCommand command, CancellationToken cancellation)
    {
        var deadline = clock.GetUtcNow() + Patience;
        for (var poll = FirstPoll; ; poll = poll * 2 < SlowestPoll ? poll * 2 : SlowestPoll)
        {
            var changed = signals.NextChange(id);
            if (await FindAnswer(id, command, cancellation) is { } answer)
                return answer;

            // Ended by another command: this one will never be read. Its own answer, if any, was written together with the end.
            if (await sessions.Find(id, cancellation) is { } session && Closed(session.Document, command) is { } closed)
                return await FindAnswer(id, command, cancellation) ?? closed;

            var left = deadline - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
                return null;

            await Task.WhenAny(changed, Task.Delay(left < poll ? left : poll, clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task<CommandAnswer?> FindAnswer(string id, CheckoutCommand command, CancellationToken cancellation) =>
        await sessions.FindAnswer(id, command.Key, cancellation)
        ?? (HasOwnKey(command) ? await sessions.FindAnswer(id, command.RequestId, cancellation) : null);

    /// <summary>Without a key of the client's or a derived one, the request's id is the key: no earlier request can have been answered under it.</summary>
    private static bool HasOwnKey(CheckoutCommand command) => command.Key != command.RequestId;

    /// <summary>What an ended checkout answers; null while it is open.</summary>
    private static CommandAnswer? Closed(SessionDocument session, CheckoutCommand command)
    {
        var code = (session.Status, command.Kind) switch
        {
            (CheckoutStatus.Completed, CommandKind.Complete or CommandKind.ConfirmPayment) => AnswerCode.Ok,
            (CheckoutStatus.Completed, _) => AnswerCode.CheckoutCompleted,
            (CheckoutStatus.Cancelled, CommandKind.Cancel) => AnswerCode.Ok,
            (CheckoutStatus.Cancelled or CheckoutStatus.Expired, _) => AnswerCode.CheckoutClosed,
            _ => (AnswerCode?)null,
        };
        return code is { } known
            ? new CommandAnswer(command.Key, command.RequestHash, known, session, known == AnswerCode.Ok ? null : $"The checkout is {session.Status}.")
            : null;
    }
}

/// <param name="Settled">Null: raise the command.</param>
public sealed record AdmittedCommand(SentCommand? Settled, CheckoutCommand? Raise = null);

/// <param name="Answer">Null: still working.</param>
public sealed record SentCommand(CommandAnswer? Answer)
{
    /// <summary>The answer is that of an earlier request under the same key.</summary>
    public bool Replayed { get; init; }

    /// <summary>The key was used for a request with another body; nothing was done.</summary>
    public bool Conflicts { get; init; }
}
