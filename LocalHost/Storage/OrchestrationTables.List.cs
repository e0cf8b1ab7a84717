namespace LocalHost.Storage;

/// <summary>What operators ask for, each by an index: a page takes as long at a million instances as at a hundred.</summary>
internal sealed partial class OrchestrationTables
{
    // Up to so many instances are sorted by id once their creation has found them; more are met soon enough when going by id.
    private const int FewCreated = 6000;

    public List<Instance> List(InstanceFilter filter)
    {
        var (from, to) = (filter.CreatedFrom?.UtcTicks ?? 0, filter.CreatedTo?.UtcTicks ?? long.MaxValue);
        var isBounded = filter.CreatedFrom is not null || filter.CreatedTo is not null;
        var ids = isBounded && IsFew(from, to)
            ? $"SELECT instance_id FROM instances INDEXED BY instances_by_creation WHERE {IsWithin} AND status IN ({string.Join(", ", StatusesOf(filter).Select(status => (int)status))})"
            : filter.Statuses.Count > 0 || isBounded
                ? string.Join(" UNION ALL ", StatusesOf(filter).Select(FirstOf))
                : $"SELECT instance_id FROM instances WHERE {IsWithin} ORDER BY instance_id LIMIT ?6";

        // Sorted by id first: only the page's rows are read whole.
        return session.Query(
            $"""
            SELECT {InstanceRow.Columns} FROM instances
            WHERE instance_id IN (SELECT instance_id FROM ({ids}) ORDER BY instance_id LIMIT ?6) ORDER BY instance_id
            """,
            InstanceRow.Read,
            filter.AfterId ?? string.Empty,
            filter.IdPrefix ?? string.Empty,
            // No id begins with the prefix and this character.
            (filter.IdPrefix ?? string.Empty) + "\U0010FFFF",
            from,
            to,
            filter.Limit);
    }

    // One lower bound: of two, the index would be searched by the first.
    private const string IsWithin = "instance_id >= max(?1, ?2) AND instance_id <> ?1 AND instance_id < ?3 AND created_at BETWEEN ?4 AND ?5";

    private bool IsFew(long from, long to) => session.Query(
        "SELECT count(*) FROM (SELECT 1 FROM instances WHERE created_at BETWEEN ?1 AND ?2 LIMIT ?3)", row => row.GetInt32(0), from, to, FewCreated + 1)[0] <= FewCreated;

    // In the order of the index, so that the first page is read and not the rest.
    private static string FirstOf(OrchestrationRuntimeStatus status) =>
        "SELECT instance_id FROM (SELECT instance_id FROM instances INDEXED BY instances_by_status " +
        $"WHERE status = {(int)status} AND {IsWithin} ORDER BY instance_id LIMIT ?6)";

    private static IEnumerable<OrchestrationRuntimeStatus> StatusesOf(InstanceFilter filter) =>
        filter.Statuses.Count > 0 ? filter.Statuses.Distinct() : Enum.GetValues<OrchestrationRuntimeStatus>();
}
