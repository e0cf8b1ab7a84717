using System.Text.Json;
using CheckoutFunctions.Tests.Api;
using CheckoutFunctions.Tests.Fidelity;
using CheckoutFunctions.Tests.LocalHost;

namespace CheckoutFunctions.Tests.Management;

/// <summary>Facts 6.3 and 7.11.</summary>
public class StartTests
{
    [Fact]
    [Behaviour("7.11", "17.1")]
    public async Task A_start_is_202_with_location_retry_after_and_the_links()
    {
        await using var host = await Managed.Start();

        var started = (await host.Post("/orchestrators/Waits/one", "{}")).Is(202);

        var instance = $"{host.Api}runtime/webhooks/durabletask/instances/one";
        var query = $"taskHub=TestHubName&connection=Storage&code={RunningHost.Key}";
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["id"] = "one",
                ["statusQueryGetUri"] = $"{instance}?{query}",
                ["sendEventPostUri"] = $"{instance}/raiseEvent/{{eventName}}?{query}",
                ["terminatePostUri"] = $"{instance}/terminate?reason={{text}}&{query}",
                ["purgeHistoryDeleteUri"] = $"{instance}?{query}",
                ["restartPostUri"] = $"{instance}/restart?{query}",
                ["suspendPostUri"] = $"{instance}/suspend?reason={{text}}&{query}",
                ["resumePostUri"] = $"{instance}/resume?reason={{text}}&{query}",
            },
            started.Json.Deserialize<Dictionary<string, string>>());
        Assert.Equal("10", started.Headers["Retry-After"]);
        Assert.Equal(started.Text("statusQueryGetUri"), started.Headers["Location"]);
        Assert.Equal("application/json", started.ContentType);
    }

    [Fact]
    [Behaviour("17.1")]
    public async Task The_links_work_as_they_are()
    {
        await using var host = await Managed.Start();
        var started = (await host.Post("/orchestrators/Waits/a%20b%2Fc", "{}")).Is(202);

        await Follow(HttpMethod.Get, started.Headers["Location"], 202);
        await Follow(HttpMethod.Post, started.Text("suspendPostUri")!.Replace("{text}", "lunch"), 202);
        await Follow(HttpMethod.Post, started.Text("resumePostUri")!.Replace("{text}", "back"), 202);
        await Follow(HttpMethod.Post, started.Text("sendEventPostUri")!.Replace("{eventName}", "Go"), 202, new StringContent("1", null, "application/json"));
        Assert.Equal("Completed", (await host.Until("a%20b%2Fc", "Completed")).Text("runtimeStatus"));
        await Follow(HttpMethod.Post, started.Text("terminatePostUri")!.Replace("{text}", "late"), 410);
        await Follow(HttpMethod.Post, started.Text("restartPostUri")!, 202);
        await Follow(HttpMethod.Delete, started.Text("purgeHistoryDeleteUri")!, 200);

        async Task Follow(HttpMethod method, string link, int status, HttpContent? body = null)
        {
            using var http = new HttpClient();
            (await Reply.Of(await http.SendAsync(new HttpRequestMessage(method, link) { Content = body }))).Is(status);
        }
    }

    [Fact]
    public async Task A_start_without_an_id_gets_one_of_32_hex_digits()
    {
        await using var host = await Managed.Start();

        Assert.Matches("^[0-9a-f]{32}$", (await host.Post("/orchestrators/Echo")).Is(202).Text("id"));
    }

    [Fact]
    [Behaviour("7.11", "17.1")]
    public async Task A_body_that_is_not_JSON_is_400_whatever_its_type()
    {
        await using var host = await Managed.Start();

        Assert.Equal("Invalid JSON content", (await host.Post("/orchestrators/Echo/one", "{ not", "text/plain")).Is(400).Text("Message"));
        (await host.Get("/instances/one")).Is(404);
        Assert.Equal("""{"a":1.50}""", (await host.Run("Echo", "two", """{"a":1.50}"""))["output"].GetRawText());
        (await host.Post("/orchestrators/Echo/three", """{"a":1}""", "text/plain")).Is(202);
    }

    [Fact]
    [Behaviour("6.3", "17.1")]
    public async Task A_running_id_is_409_and_a_finished_one_is_started_anew()
    {
        await using var host = await Managed.Start();
        await host.Run("Waits", "one", until: "Running");

        var refused = (await host.Post("/orchestrators/Echo/one")).Is(409);
        Assert.Equal("""{"Message":"An Orchestration instance with the status Running already exists."}""", refused.Body);

        (await host.Post("/instances/one/terminate")).Is(202);
        await host.Until("one", "Terminated");
        Assert.Equal("\"new\"", (await host.Run("Echo", "one", "\"new\""))["output"].GetRawText());
    }

    [Fact]
    public async Task An_unknown_function_is_202_and_the_instance_fails()
    {
        await using var host = await Managed.Start();

        var failed = await host.Run("Nothing", "one", until: "Failed");

        Assert.Contains("The function 'Nothing' doesn't exist, is disabled, or is not an orchestrator function.", failed["output"].GetProperty("message").GetString());
    }

    [Fact]
    [Behaviour("7.11", "17.1")]
    public async Task With_a_timeout_a_start_waits_and_answers_the_bare_output()
    {
        await using var host = await Managed.Start();

        var completed = (await host.Post("/orchestrators/Echo?timeout=60&pollingInterval=1", """{"a":"ü"}""")).Is(200);

        Assert.Equal("""{"a":"ü"}""", completed.Body);
    }

    [Fact]
    [Behaviour("7.11", "17.1")]
    public async Task A_start_that_is_not_completed_within_its_timeout_is_202_with_the_links()
    {
        await using var host = await Managed.Start();

        var started = (await host.Post("/orchestrators/Waits/one?timeout=0.05&pollingInterval=0.01")).Is(202);

        Assert.Equal(("one", "10"), (started.Text("id"), started.Headers["Retry-After"]));
    }

    [Fact]
    public async Task A_start_that_fails_within_its_timeout_answers_its_status()
    {
        await using var host = await Managed.Start();

        var failed = (await host.Post("/orchestrators/Throws/one?timeout=60&pollingInterval=1")).Is(200);

        Assert.Equal(("Failed", "System.ArgumentException: never good"), (failed.Text("runtimeStatus"), failed.Text("output")));
    }

    [Fact]
    [Behaviour("18.1")]
    public async Task A_start_has_the_host_s_default_version_unless_it_names_one()
    {
        await using var host = await Managed.Start(new() { RoutePrefix = "", Versions = new("2.0") });

        Assert.Equal("2.0", (await host.Run("Version", "default")).Text("output"));
        Assert.Equal("1.0", (await host.Run("Version", "older?version=1.0")).Text("output"));
        Assert.Equal(string.Empty, (await host.Run("Version", "none?version=")).Text("output"));
    }

    [Fact]
    [Behaviour("10.2")]
    public async Task An_output_of_5_MB_comes_whole()
    {
        await using var host = await Managed.Start();
        var input = $"\"{new string('x', 5 * 1024 * 1024)}\"";

        Assert.Equal(input, (await host.Run("Echo", "one", input))["output"].GetRawText());
    }

    [Fact]
    public async Task A_polling_interval_above_the_timeout_is_400()
    {
        await using var host = await Managed.Start();

        (await host.Post("/orchestrators/Echo?timeout=1&pollingInterval=2")).Is(400);
    }
}
