using System.Text.Json;
using LocalHost.Storage;
using Microsoft.AspNetCore.Http;

namespace LocalHost.Management;

/// <summary>What an operator tells a running instance: an event, terminate, suspend, resume; and a failed one: rewind.</summary>
internal sealed class Controls(DurableTaskClient client)
{
    public Task<IResult> RaiseEvent(ManagementCall call) => WhileUnfinished(call, async instance =>
    {
        if (!IsJson(call.Http.Request))
            return ManagementAnswers.Error(StatusCodes.Status400BadRequest, "Only application/json request content is supported");

        try
        {
            await client.RaiseEventAsync(instance.InstanceId, call.Route("event")!, await call.Json(), call.Gone);
            return ManagementAnswers.Accepted;
        }
        catch (JsonException notJson)
        {
            return ManagementAnswers.NotJson(notJson);
        }
    });

    public Task<IResult> Terminate(ManagementCall call) => WhileUnfinished(call, async instance =>
    {
        await client.TerminateInstanceAsync(instance.InstanceId, (object?)call.Text("reason"), call.Gone);
        return ManagementAnswers.Accepted;
    });

    public Task<IResult> Suspend(ManagementCall call) => WhileUnfinished(call, async instance =>
    {
        // The client refuses to suspend twice; the HTTP API doesn't.
        if (instance.RuntimeStatus is not OrchestrationRuntimeStatus.Suspended)
            await client.SuspendInstanceAsync(instance.InstanceId, call.Text("reason"), call.Gone);
        return ManagementAnswers.Accepted;
    });

    public Task<IResult> Resume(ManagementCall call) => WhileUnfinished(call, async instance =>
    {
        await client.ResumeInstanceAsync(instance.InstanceId, call.Text("reason"), call.Gone);
        return ManagementAnswers.Accepted;
    });

    public async Task<IResult> Rewind(ManagementCall call)
    {
        var id = call.Route("id")!;
        if (await client.GetInstanceAsync(id, cancellation: call.Gone) is not { } instance)
            return ManagementAnswers.Json(StatusCodes.Status404NotFound, $"No orchestration with instance ID \"{id}\" found.");

        try
        {
            await client.RewindInstanceAsync(id, call.Text("reason") ?? string.Empty, call.Gone);
            return ManagementAnswers.Accepted;
        }
        catch (InvalidOperationException)
        {
            return ManagementAnswers.Json(
                StatusCodes.Status412PreconditionFailed,
                $"This orchestration has status {instance.RuntimeStatus}, but only orchestrations in the \"Failed\" state can be rewound.");
        }
    }

    private async Task<IResult> WhileUnfinished(ManagementCall call, Func<OrchestrationMetadata, Task<IResult>> act)
    {
        if (await client.GetInstanceAsync(call.Route("id")!, cancellation: call.Gone) is not { } instance)
            return ManagementAnswers.NotFound;
        if (instance.RuntimeStatus.IsFinished())
            return ManagementAnswers.Gone;

        try
        {
            return await act(instance);
        }
        catch (RpcException)
        {
            // It changed between the look and the act.
            return await client.GetInstanceAsync(instance.InstanceId, cancellation: call.Gone) switch
            {
                null => ManagementAnswers.NotFound,
                { RuntimeStatus: var status } when status.IsFinished() => ManagementAnswers.Gone,
                _ => ManagementAnswers.Accepted,
            };
        }
    }

    private static bool IsJson(HttpRequest request) =>
        string.Equals(request.ContentType?.Split(';')[0].Trim(), "application/json", StringComparison.OrdinalIgnoreCase);
}
