using CheckoutFunctions.Tests.Fidelity;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>Section 18: host.json's default version.</summary>
public sealed class VersioningTests
{
    [Fact]
    [Behaviour("18.1")]
    public async Task Instances_and_children_without_a_version_get_the_default_one_for_good()
    {
        using var world = World(new("2.0"));
        await world.Start("Parent");
        Assert.Equal("2.0 2.0", await world.Complete<string>());

        using var next = new EngineWorld(world.Store, world.Time, world.Functions, versions: new("3.0"));
        await next.Client.RestartAsync("one");
        Assert.Equal("2.0 3.0", await next.Complete<string>());
    }

    [Fact]
    [Behaviour("18.1")]
    public async Task A_version_that_is_given_wins_also_an_empty_one()
    {
        using var world = World(new("2.0"));

        Assert.Equal("1.0 2.0", await Output(world, "1.0", null));
        Assert.Equal(" 1.5", await Output(world, string.Empty, "1.5"));
    }

    [Theory]
    [Behaviour("18.2")]
    [InlineData("2.0", "2.0", true)]
    [InlineData("2.0", "10.0", false)]
    [InlineData("10.0", "2.0", true)]
    [InlineData("2.0", "", true)]
    [InlineData("spring", "AUTUMN", true)]
    [InlineData("autumn", "spring", false)]
    [InlineData(null, "1.0", false)]
    public async Task A_version_that_is_newer_than_the_default_fails_at_once_instead_of_staying_pending(string? hosts, string version, bool runs)
    {
        using var world = World(new(hosts));

        await world.Client.ScheduleNewOrchestrationInstanceAsync("Version", null, new StartOrchestrationOptions("one") { Version = version });
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal(runs ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        if (!runs)
        {
            Assert.Equal(
                $"VersionMismatch: Instance 'one' of 'Version' was started with version '{version}', which this host doesn't run: " +
                $"in host.json, extensions.durableTask has the defaultVersion '{hosts}' and the versionMatchStrategy CurrentOrOlder.",
                instance.SerializedOutput);
        }
    }

    [Theory]
    [Behaviour("18.3")]
    [InlineData(VersionMatch.Strict, "2.0", true)]
    [InlineData(VersionMatch.Strict, "1.0", false)]
    [InlineData(VersionMatch.Strict, "3.0", false)]
    [InlineData(VersionMatch.None, "1.0", true)]
    [InlineData(VersionMatch.None, "3.0", true)]
    public async Task The_match_strategy_says_which_other_versions_run(VersionMatch match, string version, bool runs)
    {
        using var world = World(new("2.0", match));

        await world.Client.ScheduleNewOrchestrationInstanceAsync("Version", null, new StartOrchestrationOptions("one") { Version = version });
        await world.RunToEnd();

        Assert.Equal(runs ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Failed, (await world.Get()).RuntimeStatus);
    }

    [Fact]
    [Behaviour("18.2")]
    public async Task What_runs_already_goes_on_under_an_older_default()
    {
        using var world = World(new("2.0"));
        await world.Start("Waits");
        await world.Settle();

        using var older = new EngineWorld(world.Store, world.Time, world.Functions, versions: new("1.0"));
        await older.Client.RaiseEventAsync("one", "Go", 1);

        Assert.Equal(1, await older.Complete<int>());
    }

    private static EngineWorld World(Versioning versions)
    {
        var world = new EngineWorld(versions: versions);
        world.Functions
            .Orchestrator("Version", context => Task.FromResult(context.Version))
            .Orchestrator("Waits", context => context.WaitForExternalEvent<int>("Go"))
            .Orchestrator("Parent", async context =>
            {
                var child = context.GetInput<string>() is { } version ? new TaskOptions { Version = version } : null;
                return $"{context.Version} {await context.CallSubOrchestratorAsync<string>("Version", null, child)}";
            });
        return world;
    }

    private static async Task<string?> Output(EngineWorld world, string version, string? child)
    {
        await world.Client.ScheduleNewOrchestrationInstanceAsync("Parent", child, new StartOrchestrationOptions("one") { Version = version });
        return await world.Complete<string>();
    }
}
