using LocalHost.HttpTriggers;
using Microsoft.AspNetCore.Http;

namespace LocalHost.Management;

/// <summary>Where an instance is watched and controlled. The links carry the key of whoever asked for them.</summary>
internal sealed record InstanceLinks(
    string Id,
    string StatusQueryGetUri,
    string SendEventPostUri,
    string TerminatePostUri,
    string PurgeHistoryDeleteUri,
    string RestartPostUri,
    string SuspendPostUri,
    string ResumePostUri);

internal sealed class ManagementLinks(HostJson host, OperatorKey key)
{
    private readonly string query = $"taskHub={Uri.EscapeDataString(host.HubName)}&connection=Storage&code={Uri.EscapeDataString(key.Value)}";

    public InstanceLinks Of(HttpRequest request, string instanceId)
    {
        var instance = $"{request.Scheme}://{request.Host}{ManagementApi.Path}/instances/{Uri.EscapeDataString(instanceId)}";
        return new InstanceLinks(
            instanceId,
            $"{instance}?{query}",
            $"{instance}/raiseEvent/{{eventName}}?{query}",
            $"{instance}/terminate?reason={{text}}&{query}",
            $"{instance}?{query}",
            $"{instance}/restart?{query}",
            $"{instance}/suspend?reason={{text}}&{query}",
            $"{instance}/resume?reason={{text}}&{query}");
    }
}
