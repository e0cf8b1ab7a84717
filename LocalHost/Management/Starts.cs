using System.Text.Json;
using LocalHost.Engine;
using LocalHost.Storage;
using Microsoft.AspNetCore.Http;

namespace LocalHost.Management;

/// <summary>Start and restart: both answer with the instance's links, or with its output if the caller waits for it.</summary>
internal sealed class Starts(DurableTaskClient client, Statuses statuses, ManagementLinks links, TimeProvider time)
{
    public async Task<IResult> Start(ManagementCall call)
    {
        var options = new StartOrchestrationOptions(call.Route("id") ?? InstanceIds.New())
        {
            Version = call.Http.Request.Query["version"] is [{ } version, ..] ? new TaskVersion(version) : default(TaskVersion?),
        };
        try
        {
            object? input = call.Http.Request.ContentLength == 0 || !HasBody(call.Http) ? null : await call.Json();
            await client.ScheduleNewOrchestrationInstanceAsync(call.Route("function")!, input, options, call.Gone);
        }
        catch (JsonException notJson)
        {
            return ManagementAnswers.NotJson(notJson);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            var existing = await client.GetInstanceAsync(options.InstanceId!, cancellation: call.Gone);
            return ManagementAnswers.Error(
                StatusCodes.Status409Conflict, $"An Orchestration instance with the status {existing?.RuntimeStatus} already exists.");
        }

        return await Started(call, options.InstanceId!);
    }

    public async Task<IResult> Restart(ManagementCall call)
    {
        try
        {
            return await Started(call, await client.RestartAsync(call.Route("id")!, call.Flag("restartWithNewInstanceId") ?? true, call.Gone));
        }
        catch (ArgumentException unknown)
        {
            return ManagementAnswers.Error(StatusCodes.Status400BadRequest, "InstanceId does not match a valid orchestration instance.", unknown);
        }
        catch (InvalidOperationException running)
        {
            return ManagementAnswers.Error(StatusCodes.Status409Conflict, "A non-terminal instance with this instance ID already exists.", running);
        }
    }

    private static bool HasBody(HttpContext http) => http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    // Only with both parameters, as in the extension; the interval itself isn't needed, because the engine says when the instance ends.
    private async Task<IResult> Started(ManagementCall call, string instanceId)
    {
        if (call.Seconds("timeout") is not { } timeout || call.Seconds("pollingInterval") is not { } interval)
            return CheckStatus(call, instanceId);
        if (interval > timeout)
        {
            return ManagementAnswers.Error(
                StatusCodes.Status400BadRequest, $"Total timeout {timeout.TotalSeconds} should be bigger than retry timeout {interval.TotalSeconds}");
        }

        return await Completed(instanceId, timeout, call.Gone) switch
        {
            null => CheckStatus(call, instanceId),
            { RuntimeStatus: OrchestrationRuntimeStatus.Completed } completed =>
                ManagementAnswers.Json(StatusCodes.Status200OK, Payload.Parse(completed.SerializedOutput)),
            _ => await statuses.Get(call, instanceId),
        };
    }

    private async Task<OrchestrationMetadata?> Completed(string instanceId, TimeSpan timeout, CancellationToken gone)
    {
        using var elapsed = new CancellationTokenSource(timeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(elapsed.Token, gone);
        try
        {
            return await client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, ended.Token);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return null;
        }
    }

    private IResult CheckStatus(ManagementCall call, string instanceId)
    {
        var body = links.Of(call.Http.Request, instanceId);
        call.Http.Response.Headers.Location = body.StatusQueryGetUri;
        call.Http.Response.Headers.RetryAfter = "10";
        return ManagementAnswers.Json(StatusCodes.Status202Accepted, body);
    }
}
