using LocalHost.Storage;
using Microsoft.AspNetCore.Http;

namespace LocalHost.Management;

/// <summary>Deletes finished instances with their histories.</summary>
internal sealed class Purges(DurableTaskClient client, TimeProvider time)
{
    public async Task<IResult> One(ManagementCall call)
    {
        try
        {
            return Deleted(await client.PurgeInstanceAsync(call.Route("id")!, cancellation: call.Gone));
        }
        catch (InvalidOperationException running)
        {
            return ManagementAnswers.Json(StatusCodes.Status412PreconditionFailed, running.Message);
        }
    }

    public async Task<IResult> ByFilter(ManagementCall call)
    {
        if (call.Time("createdTimeFrom") is not { } from)
            return ManagementAnswers.Json(StatusCodes.Status400BadRequest, "Please provide value for 'createdTimeFrom' parameter.");

        var statuses = call.Statuses("runtimeStatus");
        // Nothing is deleted for a misspelt status; leaving it out would delete everything.
        if (statuses.Count == 0 && call.Text("runtimeStatus") is not null)
            return ManagementAnswers.NotFound;

        var filter = new PurgeInstancesFilter(from, call.Time("createdTimeTo") ?? time.GetUtcNow(), statuses);
        return Deleted(await client.PurgeAllInstancesAsync(filter, cancellation: call.Gone));
    }

    private static IResult Deleted(PurgeResult result) =>
        result.PurgedInstanceCount == 0 ? ManagementAnswers.NotFound : ManagementAnswers.Json(StatusCodes.Status200OK, new { InstancesDeleted = result.PurgedInstanceCount });
}
