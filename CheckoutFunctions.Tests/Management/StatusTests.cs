using System.Text.Json;
using CheckoutFunctions.Tests.Fidelity;

namespace CheckoutFunctions.Tests.Management;

/// <summary>Facts 2.6, 2.7, 16.3 and 16.5.</summary>
public class StatusTests
{
    [Fact]
    [Behaviour("2.7", "17.2")]
    public async Task A_running_instance_is_202_with_location_and_retry_after()
    {
        await using var host = await Managed.Start();

        var running = (await host.Run("Waits", "one", until: "Running")).Is(202);

        Assert.Equal($"{host.Api}runtime/webhooks/durabletask/instances/one", running.Headers["Location"]);
        Assert.Equal("5", running.Headers["Retry-After"]);
        Assert.Equal("""{"step":"waiting"}""", running["customStatus"].GetRawText());
    }

    [Fact]
    [Behaviour("2.7", "16.2", "17.2")]
    public async Task A_finished_instance_is_200_with_the_eight_members_and_no_location()
    {
        await using var host = await Managed.Start();

        var completed = (await host.Run("Echo", "one", """{"a":1}""")).Is(200);

        Assert.Equal(
            ["name", "instanceId", "runtimeStatus", "input", "customStatus", "output", "createdTime", "lastUpdatedTime"],
            completed.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("Echo", "one", "Completed"), (completed.Text("name"), completed.Text("instanceId"), completed.Text("runtimeStatus")));
        Assert.Equal(("""{"a":1}""", """{"a":1}"""), (completed["input"].GetRawText(), completed["output"].GetRawText()));
        Assert.Equal(JsonValueKind.Null, completed["customStatus"].ValueKind);
        Assert.DoesNotContain("Location", completed.Headers.Keys);
    }

    [Fact]
    [Behaviour("16.3")]
    public async Task Created_and_last_updated_have_whole_seconds_and_a_Z()
    {
        await using var host = await Managed.Start();

        var completed = await host.Run("Echo", "one");

        Assert.All(["createdTime", "lastUpdatedTime"], time => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", completed.Text(time)));
    }

    [Fact]
    [Behaviour("2.7", "17.2")]
    public async Task A_failed_instance_is_200_with_its_output_as_a_text_and_500_if_asked_for()
    {
        await using var host = await Managed.Start();

        var failed = (await host.Run("Throws", "one", until: "Failed")).Is(200);

        Assert.Equal("System.ArgumentException: never good", failed.Text("output"));
        Assert.Equal(failed.Body, (await host.Get("/instances/one?returnInternalServerErrorOnFailure=true")).Is(500).Body);
    }

    [Fact]
    [Behaviour("2.7", "17.2")]
    public async Task An_unknown_instance_is_404_with_an_empty_body()
    {
        await using var host = await Managed.Start();

        Assert.Empty((await host.Get("/instances/unknown?showHistory=true")).Is(404).Body);
    }

    [Fact]
    [Behaviour("16.5")]
    public async Task ShowInput_false_makes_the_input_null()
    {
        await using var host = await Managed.Start();
        await host.Run("Echo", "one", "7");

        var status = (await host.Get("/instances/one?showInput=false")).Is(200);

        Assert.Equal((JsonValueKind.Null, 7), (status["input"].ValueKind, status["output"].GetInt32()));
    }
}
