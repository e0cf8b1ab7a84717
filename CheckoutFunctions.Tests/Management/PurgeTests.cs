using CheckoutFunctions.Tests.Fidelity;

namespace CheckoutFunctions.Tests.Management;

/// <summary>Fact 7.6.</summary>
public class PurgeTests
{
    [Fact]
    [Behaviour("7.6", "17.8")]
    public async Task A_finished_instance_is_purged_once()
    {
        await using var host = await Managed.Start();
        await host.Run("Echo", "one");

        Assert.Equal("""{"instancesDeleted":1}""", (await host.Delete("/instances/one")).Is(200).Body);

        (await host.Get("/instances/one")).Is(404);
        Assert.Empty((await host.Delete("/instances/one")).Is(404).Body);
    }

    [Fact]
    public async Task A_running_instance_is_not_purged()
    {
        await using var host = await Managed.Start();
        await host.Run("Waits", "one", until: "Running");

        var refused = (await host.Delete("/instances/one")).Is(412);

        Assert.Equal(
            "Only orchestrations in a terminal state can be purged, but the orchestration with instance ID one has status Running",
            refused.Json.GetString());
        (await host.Get("/instances/one")).Is(202);
    }

    [Fact]
    [Behaviour("17.9")]
    public async Task A_filter_purges_finished_instances_only_and_is_404_when_none_fits()
    {
        await using var host = await Managed.Start();
        await host.Run("Echo", "done");
        await host.Run("Throws", "failed", until: "Failed");
        await host.Run("Waits", "runs", until: "Running");
        const string Ever = "createdTimeFrom=2001-01-01T00:00:00Z";

        (await host.Delete($"/instances?{Ever}&createdTimeTo=2001-01-02T00:00:00Z")).Is(404);
        (await host.Delete($"/instances?{Ever}&runtimeStatus=Terminated")).Is(404);
        Assert.Equal("""{"instancesDeleted":1}""", (await host.Delete($"/instances?{Ever}&runtimeStatus=Failed,Running")).Is(200).Body);
        Assert.Equal("""{"instancesDeleted":1}""", (await host.Delete($"/instances?{Ever}")).Is(200).Body);
        Assert.Empty((await host.Delete($"/instances?{Ever}")).Is(404).Body);
        (await host.Get("/instances/runs")).Is(202);
    }

    [Theory]
    [Behaviour("17.9")]
    [InlineData("")]
    [InlineData("?createdTimeFrom=yesterday")]
    public async Task A_filter_without_a_start_is_400(string query)
    {
        await using var host = await Managed.Start();
        await host.Run("Echo", "one");

        (await host.Delete($"/instances{query}")).Is(400);

        (await host.Get("/instances/one")).Is(200);
    }

    [Fact]
    [Behaviour("17.9")]
    public async Task A_misspelt_status_purges_nothing()
    {
        await using var host = await Managed.Start();
        await host.Run("Echo", "one");

        (await host.Delete("/instances?createdTimeFrom=2001-01-01&runtimeStatus=Complete")).Is(404);

        (await host.Get("/instances/one")).Is(200);
    }
}
