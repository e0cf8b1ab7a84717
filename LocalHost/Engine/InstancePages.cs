using System.Text;
using LocalHost.Storage;

namespace LocalHost.Engine;

/// <summary>Instances in ordinal order of their ids, page by page. The token is the last id, in Base64; one that isn't gives an empty page.</summary>
internal sealed class InstancePages(IOrchestrationStore store, OrchestrationQuery query) : AsyncPageable<OrchestrationMetadata>
{
#pragma warning disable CS1998 // The store answers at once.
    public override async IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
#pragma warning restore CS1998
    {
        var token = continuationToken ?? query.ContinuationToken;
        var size = Math.Max(1, pageSizeHint ?? query.PageSize);
        do
        {
            var page = ReadPage(token, size);
            yield return page;
            token = page.ContinuationToken;
        }
        while (token is not null);
    }

    private Page<OrchestrationMetadata> ReadPage(string? token, int size)
    {
        if (!TryDecode(token, out var afterId))
            return new([]);

        var instances = store.List(new InstanceFilter(size + 1)
        {
            AfterId = afterId,
            IdPrefix = query.InstanceIdPrefix,
            CreatedFrom = query.CreatedFrom,
            CreatedTo = query.CreatedTo,
            Statuses = [.. query.Statuses ?? []],
        });
        var shown = instances.Take(size).Select(instance => Metadata.Of(instance, query.FetchInputsAndOutputs)).ToList();
        return new(shown, instances.Count > size ? Convert.ToBase64String(Encoding.UTF8.GetBytes(shown[^1].InstanceId)) : null);
    }

    private static bool TryDecode(string? token, out string? afterId)
    {
        afterId = null;
        if (string.IsNullOrEmpty(token))
            return true;

        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var length))
            return false;

        afterId = Encoding.UTF8.GetString(bytes, 0, length);
        return true;
    }
}
