using System.Net;
using CheckoutFunctions.Tests.Fidelity;
using LocalHost;
using Microsoft.AspNetCore.Http;

namespace CheckoutFunctions.Tests.LocalHost;

public class RoutingTests
{
    private static readonly HttpMethod[] SomeMethods = [HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete, HttpMethod.Options];

    [Fact]
    [Behaviour("12.3")]
    public async Task The_first_function_by_name_takes_the_request_even_where_a_later_route_is_closer_or_needs_a_key()
    {
        await using var host = await RunningHost.Of(typeof(Ordered));

        Assert.Equal("a two", await host.Get("/two"));
        Assert.Equal("b 5", await host.Get("/items/5/x"));
        Assert.Equal("z items/abc/x", await host.Get("/items/abc/x"));
        Assert.Equal("a keyed", await host.Get("/keyed"));
    }

    [Fact]
    [Behaviour("12.4")]
    public async Task A_catch_all_takes_the_root_with_an_empty_path()
    {
        await using var host = await RunningHost.Of(typeof(Ordered));

        Assert.Equal("z ", await host.Get("/"));
    }

    [Fact]
    [Behaviour("12.2")]
    public async Task Literals_match_in_any_case_a_trailing_slash_is_ignored_and_an_unknown_route_is_404_without_a_body()
    {
        await using var host = await RunningHost.Of(typeof(Methods));

        Assert.Equal("got", await host.Get("/THINGS/"));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusOf(HttpMethod.Get, "/nothings"));
    }

    [Fact]
    [Behaviour("12.5")]
    public async Task The_root_without_a_function_is_the_hosts_page_for_every_method()
    {
        await using var host = await RunningHost.Of(typeof(Methods));

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Head })
        {
            using var response = await host.Http.SendAsync(new HttpRequestMessage(method, "/"));
            Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
            Assert.Equal(method != HttpMethod.Head, (await response.Content.ReadAsStringAsync()).Contains("<body>", StringComparison.Ordinal));
        }
    }

    [Fact]
    [Behaviour("12.5")]
    public async Task The_durable_extensions_routes_are_not_taken_by_a_catch_all_but_unknown_ones_beside_them_are()
    {
        await using var host = await RunningHost.Of(typeof(Ordered));

        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusOf(HttpMethod.Get, "/runtime/webhooks/durabletask/instances"));
        Assert.Equal("z runtime/x", await host.Get("/runtime/x"));
    }

    [Fact]
    [Behaviour("12.6")]
    public async Task Constraints_and_optional_segments_pick_the_function_and_no_match_is_no_route()
    {
        await using var host = await RunningHost.Of(typeof(Constraints));

        Assert.Equal("number 12", await host.Get("/kinds/12"));
        Assert.Equal("guid 6f9619ff-8b86-d011-b42d-00c04fc964ff", await host.Get("/kinds/6f9619ff-8b86-d011-b42d-00c04fc964ff"));
        Assert.Equal("word abc", await host.Get("/kinds/abc"));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusOf(HttpMethod.Get, "/kinds/a-1"));
        Assert.Equal("page 4", await host.Get("/pages/4"));
        Assert.Equal("page -", await host.Get("/pages"));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusOf(HttpMethod.Get, "/pages/four"));
    }

    [Fact]
    [Behaviour("12.7")]
    public async Task The_request_has_the_whole_path_and_its_callers_scheme_and_host()
    {
        await using var host = await RunningHost.Of(typeof(Ordered));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/what/i/see?x=1") { Headers = { Host = "shop.example:8080" } };

        using var response = await host.Http.SendAsync(request);

        Assert.Equal("http shop.example:8080 [] [/what/i/see] ?x=1", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    [Behaviour("12.1")]
    public async Task A_method_that_a_known_route_does_not_take_is_404_without_a_body()
    {
        await using var host = await RunningHost.Of(typeof(Methods));

        Assert.Equal(HttpStatusCode.NotFound, await host.StatusOf(HttpMethod.Delete, "/things"));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusOf(HttpMethod.Head, "/things"));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusOf(HttpMethod.Options, "/things"));
    }

    [Fact]
    [Behaviour("12.1")]
    public async Task One_route_may_be_shared_by_functions_of_different_methods()
    {
        await using var host = await RunningHost.Of(typeof(Methods));

        using var posted = await host.Http.PostAsync("/things", null);

        Assert.Equal("posted", await posted.Content.ReadAsStringAsync());
        Assert.Equal("got", await host.Get("/things"));
    }

    [Fact]
    [Behaviour("12.1", "12.2")]
    public async Task A_trigger_without_methods_takes_every_method_and_without_a_route_its_name()
    {
        await using var host = await RunningHost.Of(typeof(Methods));

        foreach (var method in SomeMethods)
        {
            using var response = await host.Http.SendAsync(new HttpRequestMessage(method, "/anything"));
            Assert.Equal(method.Method, await response.Content.ReadAsStringAsync());
        }

        using var head = await host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/anything"));
        Assert.Equal((HttpStatusCode.OK, 4L), (head.StatusCode, head.Content.Headers.ContentLength));
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

    [Theory]
    [Behaviour("12.4")]
    [InlineData(typeof(RootRoute))]
    [InlineData(typeof(EmptyRoute))]
    public async Task A_route_that_Azure_cannot_serve_refuses_the_start(Type functions)
    {
        var refusal = await Assert.ThrowsAsync<LocalHostException>(() => RunningHost.Of(functions));

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

        [Function("Keyed")]
        public static IResult Keyed([HttpTrigger(AuthorizationLevel.Function, "get", Route = "keyed")] HttpRequest request) => Results.Text("keyed");

        [Function("See")]
        public static IResult See([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "what/{*rest}")] HttpRequest request) =>
            Results.Text($"{request.Scheme} {request.Host} [{request.PathBase}] [{request.Path}] {request.QueryString}");
    }

    public static class Constraints
    {
        [Function("Number")]
        public static IResult Number([HttpTrigger(AuthorizationLevel.Anonymous, Route = "kinds/{id:int}")] HttpRequest request, int id) => Results.Text($"number {id}");

        [Function("Identity")]
        public static IResult Identity([HttpTrigger(AuthorizationLevel.Anonymous, Route = "kinds/{id:guid}")] HttpRequest request, Guid id) => Results.Text($"guid {id}");

        [Function("Word")]
        public static IResult Word([HttpTrigger(AuthorizationLevel.Anonymous, Route = "kinds/{word:alpha}")] HttpRequest request, string word) => Results.Text($"word {word}");

        [Function("Page")]
        public static IResult Page([HttpTrigger(AuthorizationLevel.Anonymous, Route = "pages/{page:int?}")] HttpRequest request, int? page) =>
            Results.Text($"page {page?.ToString() ?? "-"}");
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

    public static class EmptyRoute
    {
        [Function("Root")]
        public static void Get([HttpTrigger(AuthorizationLevel.Anonymous, Route = "")] HttpRequest request)
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
