using System.Text.Json;
using CheckoutFunctions.Tests.Fidelity;

namespace CheckoutFunctions.Tests.Management;

/// <summary>Facts 1.18, 4.4, 7.1, 7.2, 7.4 and 7.5.</summary>
public class ControlTests
{
    [Fact]
    [Behaviour("17.4")]
    public async Task An_event_is_202_and_reaches_the_instance()
    {
        await using var host = await Managed.Start();
        await host.Run("Waits", "one", until: "Running");

        Assert.Empty((await host.Post("/instances/one/raiseEvent/Go", """{"a":[1]}""")).Is(202).Body);

        Assert.Equal("""{"a":[1]}""", (await host.Until("one", "Completed"))["output"].GetRawText());
    }

    [Fact]
    [Behaviour("1.18", "17.4")]
    public async Task An_event_must_be_application_json()
    {
        await using var host = await Managed.Start();
        await host.Run("Waits", "one", until: "Running");

        var refused = (await host.Post("/instances/one/raiseEvent/Go", "1", "text/plain")).Is(400);

        Assert.Equal("""{"Message":"Only application/json request content is supported"}""", refused.Body);
        (await host.Post("/instances/one/raiseEvent/Go")).Is(400);
    }

    [Theory]
    [InlineData("{ not")]
    [InlineData("")]
    [Behaviour("1.18")]
    public async Task An_event_that_is_not_JSON_is_400(string body)
    {
        await using var host = await Managed.Start();
        await host.Run("Waits", "one", until: "Running");

        Assert.Equal("Invalid JSON content", (await host.Post("/instances/one/raiseEvent/Go", body)).Is(400).Text("Message"));
    }

    [Theory]
    [Behaviour("4.4", "7.2", "7.5", "17.4", "17.5")]
    [InlineData("raiseEvent/Go")]
    [InlineData("terminate")]
    [InlineData("suspend")]
    [InlineData("resume")]
    public async Task What_controls_an_instance_is_410_for_a_finished_one_and_404_for_an_unknown_one_with_empty_bodies(string call)
    {
        await using var host = await Managed.Start();
        await host.Run("Echo", "finished");

        Assert.Empty((await host.Post($"/instances/finished/{call}", "1")).Is(410).Body);
        Assert.Empty((await host.Post($"/instances/unknown/{call}", "1")).Is(404).Body);
    }

    [Fact]
    [Behaviour("17.5")]
    public async Task Terminate_ends_an_instance_with_the_reason_as_its_output()
    {
        await using var host = await Managed.Start();
        await host.Run("Waits", "one", until: "Running");

        (await host.Post("/instances/one/terminate?reason=no%20more")).Is(202);

        Assert.Equal("no more", (await host.Until("one", "Terminated")).Is(200).Text("output"));
    }

    [Fact]
    [Behaviour("17.5")]
    public async Task A_suspended_instance_is_202_shows_the_reason_and_stands_still_until_it_is_resumed()
    {
        await using var host = await Managed.Start();
        await host.Run("Waits", "one", until: "Running");

        (await host.Post("/instances/one/suspend?reason=lunch")).Is(202);
        Assert.Equal("lunch", (await host.Until("one", "Suspended")).Is(202).Text("output"));
        (await host.Post("/instances/one/suspend")).Is(202);
        (await host.Post("/instances/one/raiseEvent/Go", "1")).Is(202);
        await host.Until("one", "Suspended");

        (await host.Post("/instances/one/resume?reason=back")).Is(202);
        Assert.Equal(1, (await host.Until("one", "Completed"))["output"].GetInt32());
    }
}
