using System.Net;
using System.Text;
using CheckoutFunctions.Tests.Fidelity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CheckoutFunctions.Tests.LocalHost;

public class ResultTests
{
    [Theory]
    [Behaviour("12.8")]
    [InlineData("result")]
    [InlineData("result-task")]
    [InlineData("result-value-task")]
    [InlineData("action-result")]
    [InlineData("written")]
    public async Task Results_are_executed(string function)
    {
        await using var host = await RunningHost.Of(typeof(Returning));

        using var response = await host.Http.GetAsync("/" + function);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("""{"name":"Ada"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    [Behaviour("12.8")]
    public async Task JSON_is_written_in_camel_case_with_enums_as_numbers_and_nulls_and_a_string_as_plain_text()
    {
        await using var host = await RunningHost.Of(typeof(Returning));

        Assert.Equal("""{"dayOfWeek":2,"nothing":null}""", await host.Get("/json"));
        Assert.Equal("""{"dayOfWeek":2,"nothing":null}""", await host.Get("/json-action"));
        using var text = await host.Http.GetAsync("/text-action");
        Assert.Equal(("plain", "text/plain"), (await text.Content.ReadAsStringAsync(), text.Content.Headers.ContentType?.MediaType));
        using var head = await host.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/result"));
        Assert.Equal((HttpStatusCode.Created, ""), (head.StatusCode, await head.Content.ReadAsStringAsync()));
    }

    [Theory]
    [Behaviour("12.8")]
    [InlineData("object")]
    [InlineData("text")]
    [InlineData("null")]
    [InlineData("void")]
    [InlineData("task")]
    [InlineData("value-task")]
    public async Task What_is_no_result_is_200_without_a_body(string function)
    {
        await using var host = await RunningHost.Of(typeof(Returning));

        Assert.Equal(HttpStatusCode.OK, await host.StatusOf(HttpMethod.Get, "/" + function));
    }

    [Theory]
    [Behaviour("12.9")]
    [InlineData("throws")]
    [InlineData("throws-late")]
    [InlineData("throws-after-headers")]
    public async Task An_unhandled_exception_is_a_bare_500(string function)
    {
        await using var host = await RunningHost.Of(typeof(Throwing));

        using var response = await host.Http.GetAsync("/" + function);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("x-half-done"));
    }

    public sealed record Person(string Name);

    public sealed record Dated(DayOfWeek DayOfWeek, string? Nothing);

    public static class Returning
    {
        private static readonly Person Ada = new("Ada");

        [Function("result")]
        public static IResult Result([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Json(Ada, statusCode: 201);

        [Function("result-task")]
        public static async Task<IResult> ResultTask([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            await Task.Yield();
            return Results.Json(Ada, statusCode: 201);
        }

        [Function("result-value-task")]
        public static ValueTask<IResult> ResultValueTask([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
            ValueTask.FromResult(Results.Json(Ada, statusCode: 201));

        [Function("action-result")]
        public static IActionResult ActionResult([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
            new ObjectResult(Ada) { StatusCode = 201 };

        [Function("written")]
        public static Task Written([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            request.HttpContext.Response.StatusCode = 201;
            request.HttpContext.Response.ContentType = "application/json";
            return request.HttpContext.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("""{"name":"Ada"}""")).AsTask();
        }

        [Function("json")]
        public static IResult Json([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Ok(new Dated(DayOfWeek.Tuesday, null));

        [Function("json-action")]
        public static IActionResult JsonAction([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => new OkObjectResult(new Dated(DayOfWeek.Tuesday, null));

        [Function("text-action")]
        public static IActionResult TextAction([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => new OkObjectResult("plain");

        [Function("object")]
        public static Person Object([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Ada;

        [Function("text")]
        public static Task<string> Text([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.FromResult("text");

        [Function("null")]
        public static IResult? Null([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => null;

        [Function("void")]
        public static void Void([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
        }

        [Function("task")]
        public static async Task Nothing([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => await Task.Yield();

        [Function("value-task")]
        public static ValueTask NothingEither([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => ValueTask.CompletedTask;
    }

    public static class Throwing
    {
        [Function("throws")]
        public static IResult Now([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => throw new InvalidOperationException("secret");

        [Function("throws-late")]
        public static async Task<IResult> Late([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            await Task.Yield();
            throw new InvalidOperationException("secret");
        }

        [Function("throws-after-headers")]
        public static IResult AfterHeaders([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            request.HttpContext.Response.Headers["x-half-done"] = "yes";
            throw new InvalidOperationException("secret");
        }
    }
}
