using System.Text.Json;
using CheckoutFunctions.Tests.Fidelity;

namespace CheckoutFunctions.Tests.Management;

/// <summary>Facts 7.7 and 7.8: restart and rewind.</summary>
public class AgainTests
{
    [Fact]
    [Behaviour("7.7", "17.7")]
    public async Task A_restart_runs_the_same_input_under_a_new_id()
    {
        await using var host = await Managed.Start();
        await host.Run("Echo", "one", "\"in\"");

        var restarted = (await host.Post("/instances/one/restart")).Is(202);

        Assert.Matches("^[0-9a-f]{32}$", restarted.Text("id"));
        Assert.Equal((restarted.Text("statusQueryGetUri"), "10"), (restarted.Headers["Location"], restarted.Headers["Retry-After"]));
        Assert.Equal("in", (await host.Until(restarted.Text("id")!, "Completed")).Text("output"));
        Assert.Equal("in", (await host.Get("/instances/one")).Is(200).Text("output"));
    }

    [Fact]
    [Behaviour("17.7")]
    public async Task A_restart_under_the_same_id_needs_a_finished_instance()
    {
        await using var host = await Managed.Start();
        await host.Run("Waits", "one", "1", until: "Running");

        (await host.Post("/instances/one/restart?restartWithNewInstanceId=false")).Is(409);
        (await host.Post("/instances/one/raiseEvent/Go", "1")).Is(202);
        await host.Until("one", "Completed");
        Assert.Equal("one", (await host.Post("/instances/one/restart?restartWithNewInstanceId=false")).Is(202).Text("id"));

        Assert.Equal(1, (await host.Until("one", "Running"))["input"].GetInt32());
    }

    [Fact]
    [Behaviour("7.7", "17.7")]
    public async Task A_restart_of_an_unknown_instance_is_400()
    {
        await using var host = await Managed.Start();

        var refused = (await host.Post("/instances/unknown/restart")).Is(400);

        Assert.Equal("InstanceId does not match a valid orchestration instance.", refused.Text("Message"));
    }

    [Fact]
    [Behaviour("17.6")]
    public async Task A_rewound_instance_runs_its_failed_activity_again_and_remarks_stand_where_the_failure_was()
    {
        await using var host = await Managed.Start();
        await host.Run("CleansUp", "rewound", until: "Failed");

        Assert.Empty((await host.Post("/instances/rewound/rewind?reason=mended")).Is(202).Body);

        Assert.Equal("good at last", (await host.Until("rewound", "Completed")).Text("output"));
        var history = (await host.Get("/instances/rewound?showHistory=true"))["historyEvents"].EnumerateArray().Select(entry => entry.GetProperty("EventType").GetString());
        Assert.DoesNotContain("TaskFailed", history);
        Assert.Contains("GenericEvent", history);
    }

    [Fact]
    [Behaviour("7.8", "17.6")]
    public async Task Only_a_failed_instance_is_rewound()
    {
        await using var host = await Managed.Start();
        await host.Run("Echo", "one");

        var refused = (await host.Post("/instances/one/rewind")).Is(412);

        Assert.Equal("This orchestration has status Completed, but only orchestrations in the \"Failed\" state can be rewound.", refused.Json.GetString());
        (await host.Post("/instances/unknown/rewind")).Is(404);
    }
}
