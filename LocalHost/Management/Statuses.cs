using LocalHost.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace LocalHost.Management;

/// <summary>One instance, with its history if asked for, and lists of them.</summary>
internal sealed class Statuses(DurableTaskClient client, IOrchestrationStore store)
{
    private const string ContinuationToken = "x-ms-continuation-token";
    private const int LargestPage = 1000;

    public Task<IResult> Get(ManagementCall call) => Get(call, call.Route("id")!);

    public async Task<IResult> Get(ManagementCall call, string instanceId)
    {
        if (await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, call.Gone) is not { } instance)
            return ManagementAnswers.NotFound;

        var status = InstanceStatus.Of(instance, call.Flag("showInput") ?? true) with
        {
            HistoryEvents = call.Flag("showHistory") is true
                ? new HistoryEntries(store.ReadHistory(instanceId), call.Flag("showHistoryOutput") is true).All()
                : null,
        };
        return ManagementAnswers.Json(StatusOf(call, instance), status);
    }

    public async Task<IResult> List(ManagementCall call)
    {
        var query = new OrchestrationQuery
        {
            CreatedFrom = call.Time("createdTimeFrom"),
            CreatedTo = call.Time("createdTimeTo"),
            Statuses = call.Statuses("runtimeStatus"),
            InstanceIdPrefix = call.Text("instanceIdPrefix"),
            PageSize = call.Number("top") is > 0 and var top ? Math.Min(top, LargestPage) : 100,
            FetchInputsAndOutputs = true,
            ContinuationToken = call.Http.Request.Headers[ContinuationToken],
        };
        var page = await FirstPage(query, call.Gone);
        if (page.ContinuationToken is { } next)
            call.Http.Response.Headers[ContinuationToken] = next;

        var showInput = call.Flag("showInput") ?? true;
        return ManagementAnswers.Json(StatusCodes.Status200OK, page.Values.Select(instance => InstanceStatus.Of(instance, showInput)));
    }

    private static int StatusOf(ManagementCall call, OrchestrationMetadata instance)
    {
        if (instance.RuntimeStatus is OrchestrationRuntimeStatus.Failed && call.Flag("returnInternalServerErrorOnFailure") is true)
            return StatusCodes.Status500InternalServerError;
        if (instance.RuntimeStatus.IsFinished())
            return StatusCodes.Status200OK;

        call.Http.Response.Headers.Location = call.Http.Request.GetEncodedUrl();
        call.Http.Response.Headers.RetryAfter = "5";
        return StatusCodes.Status202Accepted;
    }

    private async Task<Page<OrchestrationMetadata>> FirstPage(OrchestrationQuery query, CancellationToken gone)
    {
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages().WithCancellation(gone))
            return page;
        return new Page<OrchestrationMetadata>([]);
    }
}
