using CheckoutFunctions.Tests.Fidelity;
using CheckoutFunctions.Tests.LocalHost;

namespace CheckoutFunctions.Tests.Management;

/// <summary>Facts 12.4, 12.5, 12.12 and 12.13.</summary>
public class AccessTests
{
    [Theory]
    [Behaviour("17.11")]
    [InlineData("/instances")]
    [InlineData("/instances/one")]
    [InlineData("/orchestrators/Echo")]
    [InlineData("/nothing")]
    public async Task Without_the_right_key_every_call_is_401_with_an_empty_body(string path)
    {
        await using var host = await Managed.Start();

        foreach (var key in new[] { null, "wrong" })
        {
            var reply = (await host.Send(HttpMethod.Get, path, key: key)).Is(401);
            Assert.Empty(reply.Body);
        }
    }

    [Fact]
    public async Task The_key_may_come_as_code_and_the_header_wins()
    {
        await using var host = await Managed.Start();

        (await host.Send(HttpMethod.Get, $"/instances?CODE={RunningHost.Key}", key: null)).Is(200);
        (await host.Send(HttpMethod.Get, $"/instances?code={RunningHost.Key}", key: "wrong")).Is(401);
        (await host.Send(HttpMethod.Get, "/instances?code=wrong")).Is(200);
    }

    [Fact]
    public async Task A_catch_all_function_gets_what_else_there_is_under_runtime_and_nothing_of_the_management_api()
    {
        await using var host = await Managed.Start();

        (await host.Get("/instances/unknown")).Is(404);
        (await host.Get("/nothing")).Is(404);
        (await host.Send(HttpMethod.Put, "/instances/unknown")).Is(404);
        Assert.Equal("page runtime/other", (await host.Get("runtime/other")).Is(200).Body);
        Assert.Equal("page runtime/webhooks/other", (await host.Get("runtime/webhooks/other")).Is(200).Body);
        Assert.Equal("page runtime/webhooks/durabletasks", (await host.Get("runtime/webhooks/durabletasks")).Is(200).Body);
    }

    [Fact]
    [Behaviour("17.10")]
    public async Task Every_call_takes_a_task_hub_a_connection_and_a_code()
    {
        await using var host = await Managed.Start();
        const string Query = $"taskHub=Another&connection=Elsewhere&code={RunningHost.Key}";

        await Is(HttpMethod.Post, "/orchestrators/Waits/one", 202);
        await Is(HttpMethod.Get, "/instances/one", 202);
        await Is(HttpMethod.Get, "/instances", 200);
        await Is(HttpMethod.Post, "/instances/one/suspend", 202);
        await Is(HttpMethod.Post, "/instances/one/resume", 202);
        await Is(HttpMethod.Post, "/instances/one/raiseEvent/Other", 202, new StringContent("1", null, "application/json"));
        await Is(HttpMethod.Post, "/instances/one/terminate", 202);
        await host.Until("one", "Terminated");
        await Is(HttpMethod.Post, "/instances/one/rewind", 412);
        await Is(HttpMethod.Post, "/instances/one/restart", 202);
        await Is(HttpMethod.Delete, "/instances/one", 200);
        await Is(HttpMethod.Delete, "/instances", 400);

        async Task Is(HttpMethod method, string path, int status, HttpContent? body = null) =>
            (await host.Send(method, $"{path}?{Query}", body, key: null)).Is(status);
    }

    [Fact]
    public async Task Literals_match_in_any_case_and_a_trailing_slash_does_not_count()
    {
        await using var host = await Managed.Start();

        (await host.Get("Runtime/Webhooks/DurableTask/Instances/")).Is(200);
    }
}
