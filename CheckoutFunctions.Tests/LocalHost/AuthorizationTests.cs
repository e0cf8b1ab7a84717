using System.Net;
using CheckoutFunctions.Tests.Fidelity;
using Microsoft.AspNetCore.Http;

namespace CheckoutFunctions.Tests.LocalHost;

public class AuthorizationTests
{
    [Theory]
    [Behaviour("12.12")]
    [InlineData("/keyed")]
    [InlineData("/admin-only")]
    [InlineData("/unspecified")]
    public async Task A_function_above_anonymous_needs_the_key_else_it_is_401_without_a_body(string path)
    {
        await using var host = await RunningHost.Of(typeof(Levels));

        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusOf(HttpMethod.Get, path));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusOf(HttpMethod.Get, path, "wrong"));
        Assert.Equal(HttpStatusCode.OK, await host.StatusOf(HttpMethod.Get, path, RunningHost.Key));
    }

    [Fact]
    [Behaviour("12.13")]
    public async Task The_key_may_come_in_the_query_but_the_header_wins()
    {
        await using var host = await RunningHost.Of(typeof(Levels));

        Assert.Equal(HttpStatusCode.OK, await host.StatusOf(HttpMethod.Get, $"/keyed?CODE={RunningHost.Key}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusOf(HttpMethod.Get, $"/keyed?code={RunningHost.Key}", "wrong"));
        Assert.Equal(HttpStatusCode.OK, await host.StatusOf(HttpMethod.Get, "/keyed?code=wrong", RunningHost.Key));
    }

    [Fact]
    [Behaviour("12.13")]
    public async Task A_trigger_without_a_level_needs_the_key_of_a_function()
    {
        await using var host = await RunningHost.Of(typeof(Levels));

        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusOf(HttpMethod.Get, "/unspecified"));
        Assert.Equal(AuthorizationLevel.Function, new HttpTriggerAttribute("get").AuthLevel);
    }

    [Fact]
    public async Task An_anonymous_function_is_open()
    {
        await using var host = await RunningHost.Of(typeof(Levels));

        Assert.Equal(HttpStatusCode.OK, await host.StatusOf(HttpMethod.Get, "/open"));
    }

    public static class Levels
    {
        [Function("keyed")]
        public static void Keyed([HttpTrigger(AuthorizationLevel.Function)] HttpRequest request)
        {
        }

        [Function("admin-only")]
        public static void AdminOnly([HttpTrigger(AuthorizationLevel.Admin)] HttpRequest request)
        {
        }

        [Function("unspecified")]
        public static void Unspecified([HttpTrigger("get")] HttpRequest request)
        {
        }

        [Function("open")]
        public static void Open([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
        }
    }
}
