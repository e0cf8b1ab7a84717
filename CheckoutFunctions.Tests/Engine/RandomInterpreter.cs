using System.Globalization;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>Runs a script on an orchestration's context; each step says what it came to.</summary>
internal sealed class RandomInterpreter
{
    private const string Orchestrator = "Script";
    private const string Activity = "Work";

    private readonly List<Script> scripts = [];
    private readonly TimeProvider time;

    public RandomInterpreter(Script script, TimeProvider time)
    {
        this.time = time;
        scripts.Add(script);
        scripts.AddRange(script.Body.All.OfType<CallChild>().Select(child => child.Script));
        Functions = new Functions().Activity<Job>(Activity, Work).Orchestrator(Orchestrator, Run);
    }

    public Functions Functions { get; }

    /// <summary>What was reached, by name.</summary>
    public HashSet<string> Reached { get; } = [];

    public Task Start(EngineWorld world) => world.Start(Orchestrator, new Input(0, 1));

    private async Task<string> Run(TaskOrchestrationContext context)
    {
        var input = context.GetInput<Input>()!;
        var script = scripts[input.Script];
        var result = await Do(script.Body, context);
        if (input.Generation >= script.Generations)
            return result;

        Reached.Add(script.KeepsEvents ? "again, keeping events" : "again, dropping events");
        context.ContinueAsNew(input with { Generation = input.Generation + 1 }, script.KeepsEvents);
        return "continued";
    }

    private async Task<string> Do(Step step, TaskOrchestrationContext context)
    {
        Reached.Add(step.GetType().Name);
        switch (step)
        {
            case Sequence sequence:
                var results = new List<string>();
                foreach (var next in sequence.Steps)
                    results.Add(await Do(next, context));
                return string.Join(' ', results);
            case WhenAll all:
                return $"({string.Join(' ', await Task.WhenAll(all.Steps.Select(each => Do(each, context))))})";
            case WhenAny any:
                var racing = any.Steps.Select(each => Do(each, context)).ToList();
                var first = await Task.WhenAny(racing);
                return $"first {racing.IndexOf(first)}: {await first}";
            case Caught caught:
                return await Catch(caught.Step, context);
            case Forgotten forgotten:
                _ = Do(forgotten.Step, context);
                return "forgotten";
            case CallActivity call:
                return await context.CallActivityAsync<string>(Activity, new Job(call.Number, call.Fails ? DateTime.MaxValue : DateTime.MinValue));
            case Retried retried:
                var job = new Job(retried.Number, context.CurrentUtcDateTime.AddSeconds(retried.FailsForSeconds));
                return await context.CallActivityAsync<string>(Activity, job, new TaskOptions(retried.Handler ? Handler(retried) : Policy(retried)));
            case Timer timer:
                await context.CreateTimer(TimeSpan.FromSeconds(timer.Seconds), CancellationToken.None);
                return "fired";
            case WaitEvent wait:
                return await Wait(wait, context);
            case SendToItself send:
                context.SendEvent(context.InstanceId, send.Name, send.Payload);
                return "sent";
            case CallChild child:
                return $"[{await context.CallSubOrchestratorAsync<string>(Orchestrator, new Input(IndexOf(child.Script), 1), Options(child, context))}]";
            case Throw thrown:
                throw new InvalidOperationException($"thrown {thrown.Number}");
            case SetStatus status:
                context.SetCustomStatus(status.Number);
                return "status";
            case AskGuid:
                return context.NewGuid().ToString("N");
            case AskTime:
                return context.CurrentUtcDateTime.ToString("dTHH:mm:ss.f", CultureInfo.InvariantCulture);
            default:
                throw new NotSupportedException(step.GetType().Name);
        }
    }

    private async Task<string> Catch(Step step, TaskOrchestrationContext context)
    {
        try
        {
            return await Do(step, context);
        }
        catch (TaskFailedException failed)
        {
            Reached.Add("caught failure of a task");
            return $"caught {failed.FailureDetails.ErrorType} {failed.Message}";
        }
        catch (InvalidOperationException thrown)
        {
            return $"caught {thrown.Message}";
        }
    }

    private async Task<string> Wait(WaitEvent wait, TaskOrchestrationContext context)
    {
        if (wait.TimeoutSeconds is not { } seconds)
            return $"{wait.Name}={await context.WaitForExternalEvent<int>(wait.Name)}";

        try
        {
            var payload = await context.WaitForExternalEvent<int>(wait.Name, TimeSpan.FromSeconds(seconds));
            Reached.Add("event in time");
            return $"{wait.Name}={payload}";
        }
        catch (TaskCanceledException)
        {
            Reached.Add("event too late");
            return $"no {wait.Name}";
        }
    }

    private static TaskRetryOptions Policy(Retried retried) => new RetryPolicy(retried.Attempts, TimeSpan.FromSeconds(retried.EverySeconds), 1.5);

    private static TaskRetryOptions Handler(Retried retried) => (AsyncRetryHandler)(async retry =>
    {
        await retry.OrchestrationContext.CreateTimer(TimeSpan.FromSeconds(retried.EverySeconds), CancellationToken.None);
        return retry.LastAttemptNumber < retried.Attempts;
    });

    private TaskOptions Options(CallChild child, TaskOrchestrationContext context)
    {
        Reached.Add(child.OwnId ? "child by id" : "child");
        var options = child.Attempts > 1 ? new TaskOptions(new RetryPolicy(child.Attempts, TimeSpan.FromSeconds(5))) : new TaskOptions();
        return child.OwnId ? options.WithInstanceId($"{context.InstanceId}-{IndexOf(child.Script)}") : options;
    }

    private int IndexOf(Script script) => scripts.FindIndex(known => ReferenceEquals(known, script));

    private string Work(Job? job)
    {
        if (job!.FailsUntil == DateTime.MinValue)
            return $"did {job.Number}";
        if (time.GetUtcNow().UtcDateTime < job.FailsUntil)
            throw new InvalidOperationException($"{job.Number} fails");

        Reached.Add("retried until it went well");
        return $"did {job.Number} after all";
    }

    private sealed record Input(int Script, int Generation);

    /// <summary>A pure function of this and the time.</summary>
    private sealed record Job(int Number, DateTime FailsUntil);
}
