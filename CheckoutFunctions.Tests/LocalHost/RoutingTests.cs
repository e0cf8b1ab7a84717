using System.Net;
using LocalHost;
using Microsoft.AspNetCore.Http;

namespace CheckoutFunctions.Tests.LocalHost;

public class RoutingTests
{
    private static readonly HttpMethod[] SomeMethods = [HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete, HttpMethod.Options];

    [Fact]
    public async Task The_first_function_by_name_takes_the_request_even_where_a_later_route_is_closer()
    {
        await using var host = await RunningHost.Of(typeof(Ordered));

        Assert.Equal("a two", await host.Get("/two"));
        Assert.Equal("b 5", await host.Get("/items/5/x"));
        Assert.Equal("z items/abc/x", await host.Get("/items/abc/x"));
    }

    [Fact]
    public async Task A_catch_all_takes_the_root_with_an_empty_path()
    {
        await using var host = await RunningHost.Of(typeof(Ordered));

        Assert.Equal("z ", await host.Get("/"));
    }

    [Fact]
    public async Task Literals_match_in_any_case_and_a_trailing_slash_is_ignored()
    {
        await using var host = await RunningHost.Of(typeof(Methods));

        Assert.Equal("got", await host.Get("/THINGS/"));
    }

    [Fact]
    public async Task A_method_that_a_known_route_does_not_take_is_404_without_a_body()
    {
        await using var host = await RunningHost.Of(typeof(Methods));

        Assert.Equal(HttpStatusCode.NotFound, await host.StatusOf(HttpMethod.Delete, "/things"));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusOf(HttpMethod.Head, "/things"));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusOf(HttpMethod.Options, "/things"));
    }

    [Fact]
    public async Task One_route_may_be_shared_by_functions_of_different_methods()
    {
        await using var host = await RunningHost.Of(typeof(Methods));

        using var posted = await host.Http.PostAsync("/things", null);

        Assert.Equal("posted", await posted.Content.ReadAsStringAsync());
        Assert.Equal("got", await host.Get("/things"));
    }

    [Fact]
    public async Task A_trigger_without_methods_takes_every_method_and_without_a_route_its_name()
    {
        await using var host = await RunningHost.Of(typeof(Methods));

        foreach (var method in SomeMethods)
        {
            using var response = await host.Http.SendAsync(new HttpRequestMessage(method, "/anything"));
            Assert.Equal(method.Method, await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Routes_stand_under_the_route_prefix()
    {
        await using var host = await RunningHost.Of(typeof(Methods), host: new HostJson { RoutePrefix = "shop" });

        Assert.Equal("got", await host.Get("/shop/things"));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusOf(HttpMethod.Get, "/things"));
    }

    [Fact]
    public async Task Two_functions_of_one_name_refuse_the_start()
    {
        var refusal = await Assert.ThrowsAsync<LocalHostException>(() => RunningHost.Of([typeof(Methods), typeof(SameName)]));

        Assert.Contains("same name: 'things'", refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_route_that_Azure_cannot_serve_refuses_the_start()
    {
        var refusal = await Assert.ThrowsAsync<LocalHostException>(() => RunningHost.Of(typeof(RootRoute)));

        Assert.Contains("'Root'", refusal.Message, StringComparison.Ordinal);
    }

    public static class Ordered
    {
        [Function("ZCatchAll")]
        public static IResult CatchAll([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{*path}")] HttpRequest request, string path) => Results.Text("z " + path);

        [Function("C")]
        public static IResult Closer([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "two")] HttpRequest request) => Results.Text("c");

        [Function("a")]
        public static IResult Wider([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{one}")] HttpRequest request, string one) => Results.Text("a " + one);

        [Function("b")]
        public static IResult Constrained([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id:int}/{rest?}")] HttpRequest request, int id) =>
            Results.Text("b " + id);
    }

    public static class Methods
    {
        [Function("Things")]
        public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things")] HttpRequest request) => Results.Text("got");

        [Function("ThingsPost")]
        public static IResult Post([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "things")] HttpRequest request) => Results.Text("posted");

        [Function("Anything")]
        public static IResult Any([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text(request.Method);
    }

    public static class SameName
    {
        [Function("THINGS")]
        public static void Other([ActivityTrigger] string input)
        {
        }
    }

    public static class RootRoute
    {
        [Function("Root")]
        public static void Get([HttpTrigger(AuthorizationLevel.Anonymous, Route = "/")] HttpRequest request)
        {
        }
    }
}
