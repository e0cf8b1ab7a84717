using System.Text.Json;
using CheckoutFunctions.Tests.Api;
using CheckoutFunctions.Tests.Fidelity;

namespace CheckoutFunctions.Tests.Management;

/// <summary>Facts 7.10 and 16.</summary>
public class ListTests
{
    [Fact]
    [Behaviour("7.10", "17.3")]
    public async Task Instances_come_in_ordinal_order_in_pages_of_top_with_a_continuation_token_both_ways()
    {
        await using var host = await Managed.Start();
        foreach (var id in new[] { "c", "B", "a", "b" })
            await host.Run("Echo", id);

        var first = (await host.Get("/instances?top=3")).Is(200);
        var token = first.Headers["x-ms-continuation-token"];
        var second = (await host.Send(HttpMethod.Get, "/instances?top=3", token: token)).Is(200);

        Assert.Equal("B,a,b", Ids(first));
        Assert.Equal("c", Ids(second));
        Assert.True(Convert.TryFromBase64String(token, new byte[token.Length], out _));
        Assert.DoesNotContain("x-ms-continuation-token", second.Headers.Keys);
    }

    [Fact]
    [Behaviour("7.10")]
    public async Task A_garbage_token_gives_an_empty_page()
    {
        await using var host = await Managed.Start();
        await host.Run("Echo", "one");

        Assert.Equal("[]", (await host.Send(HttpMethod.Get, "/instances", token: "?")).Is(200).Body);
    }

    [Fact]
    [Behaviour("7.10", "17.3")]
    public async Task Instances_are_chosen_by_status_prefix_and_creation_and_an_unknown_status_is_ignored()
    {
        await using var host = await Managed.Start();
        await host.Run("Echo", "x-done");
        await host.Run("Throws", "x-failed", until: "Failed");
        await host.Run("Waits", "y-runs", until: "Running");

        Assert.Equal("x-failed,y-runs", await Ids("runtimeStatus=Failed,Running"));
        Assert.Equal("x-failed,y-runs", await Ids("runtimeStatus=Failed&runtimeStatus=Running"));
        Assert.Equal("x-done,x-failed,y-runs", await Ids("runtimeStatus=Unknown"));
        Assert.Equal("x-done,x-failed", await Ids("instanceIdPrefix=x-"));
        Assert.Equal(string.Empty, await Ids("createdTimeFrom=9999-01-01T00:00:00Z"));
        Assert.Equal("x-done,x-failed,y-runs", await Ids("createdTimeFrom=2001-01-01T00:00:00Z&createdTimeTo=9999-01-01"));
        Assert.Equal(string.Empty, await Ids("createdTimeTo=2001-01-01T00:00:00Z"));

        async Task<string> Ids(string query) => ListTests.Ids((await host.Get($"/instances?{query}")).Is(200));
    }

    [Fact]
    [Behaviour("17.3")]
    public async Task Listed_instances_have_the_members_of_a_status_and_their_inputs_unless_not_wanted()
    {
        await using var host = await Managed.Start();
        var single = await host.Run("Echo", "one", """{"a":1}""");

        Assert.Equal($"[{single.Body}]", (await host.Get("/instances")).Is(200).Body);
        Assert.Equal(JsonValueKind.Null, (await host.Get("/instances?showInput=false")).Is(200).Json[0].GetProperty("input").ValueKind);
    }

    private static string Ids(Reply list) => string.Join(',', list.Json.EnumerateArray().Select(instance => instance.GetProperty("instanceId").GetString()));
}
