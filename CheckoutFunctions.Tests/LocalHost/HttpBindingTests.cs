using System.Net;
using CheckoutFunctions.Tests.Fidelity;
using LocalHost;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.LocalHost;

public class HttpBindingTests
{
    private const string SomeGuid = "6f9619ff-8b86-d011-b42d-00c04fc964ff";

    [Fact]
    [Behaviour("12.6")]
    public async Task Route_and_query_values_bind_by_name_decoded_but_for_an_escaped_slash()
    {
        await using var host = await RunningHost.Of(typeof(Bound));

        Assert.Equal($"a b 7 {SomeGuid} - 3", await host.Get($"/orders/a%20b/7/{SomeGuid}"));
        Assert.Equal($"a b 7 {SomeGuid} 12 4", await host.Get($"/orders/a%20b/7/{SomeGuid}?LIMIT=12&page=4"));
        Assert.Equal($"a%2Fb 7 {SomeGuid} - 3", await host.Get($"/orders/a%2Fb/7/{SomeGuid}"));
    }

    [Fact]
    [Behaviour("12.6")]
    public async Task A_value_that_does_not_convert_and_one_that_is_missing_are_500()
    {
        await using var host = await RunningHost.Of(typeof(Bound));

        Assert.Equal(HttpStatusCode.InternalServerError, await host.StatusOf(HttpMethod.Get, $"/orders/a/seven/{SomeGuid}"));
        Assert.Equal(HttpStatusCode.InternalServerError, await host.StatusOf(HttpMethod.Get, "/needs-count"));
        Assert.Equal("2", await host.Get("/needs-count?count=2"));
    }

    [Fact]
    public async Task The_context_the_client_and_a_token_that_follows_the_request_bind_by_type()
    {
        await using var host = await RunningHost.Of(typeof(Bound), services => services.AddSingleton<DurableTaskClient, NamedClient>());

        Assert.Equal("Context hub True True", await host.Get("/context"));
    }

    [Theory]
    [Behaviour("12.9")]
    [InlineData("""{"NAME":"Ada","Age":7}""", "application/json", "Ada 7")]
    [InlineData("""{"name":"Ada","age":7,"other":true}""", "application/merge-patch+json", "Ada 7")]
    [InlineData("""{"name":"Ada","day":"Tuesday"}""", "application/json", null)]
    [InlineData("{not JSON", "application/json", null)]
    [InlineData("", "application/json", null)]
    [InlineData("""{"name":"Ada"}""", "text/plain", null)]
    public async Task A_body_binds_with_names_in_any_case_and_one_that_does_not_convert_is_a_bare_500(string body, string type, string? expected)
    {
        await using var host = await RunningHost.Of(typeof(Bodies));

        using var response = await host.Http.PostAsync("/person", new StringContent(body, null, type));

        Assert.Equal(expected is null ? HttpStatusCode.InternalServerError : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected ?? "", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_binds_to_a_string_and_to_bytes_as_it_is()
    {
        await using var host = await RunningHost.Of(typeof(Bodies));

        using var text = await host.Http.PostAsync("/text", new StringContent("as it is"));
        using var bytes = await host.Http.PostAsync("/bytes", new ByteArrayContent([1, 255]));

        Assert.Equal("as it is", await text.Content.ReadAsStringAsync());
        Assert.Equal("01FF", await bytes.Content.ReadAsStringAsync());
    }

    [Fact]
    [Behaviour("12.9")]
    public async Task A_trigger_that_is_no_request_refuses_the_start()
    {
        var refusal = await Assert.ThrowsAsync<LocalHostException>(() => RunningHost.Of(typeof(PlainTrigger)));

        Assert.Contains("'PlainTrigger'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Behaviour("12.10")]
    public async Task A_caller_that_goes_away_cancels_the_request_and_the_functions_token()
    {
        var waiting = new Waiting();
        await using var host = await RunningHost.Of(typeof(Waits), services => services.AddSingleton(waiting));
        using var caller = new CancellationTokenSource();
        var call = host.Http.GetAsync("/Waits", caller.Token);
        await waiting.Entered.Task;

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(await waiting.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [Behaviour("12.11")]
    [InlineData(29_000_000, HttpStatusCode.OK)]
    [InlineData(31_000_000, HttpStatusCode.InternalServerError)]
    public async Task A_body_of_more_than_30_million_bytes_is_500_when_it_is_read(int length, HttpStatusCode expected)
    {
        await using var host = await RunningHost.Of(typeof(Bodies));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/bytes-read") { Content = new ByteArrayContent(new byte[length]) };
        request.Headers.ExpectContinue = true;

        using var response = await host.Http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? $"{length}" : "", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    [Behaviour("15.1")]
    public async Task Each_invocation_has_an_instance_which_is_not_disposed_and_a_scope_which_is_of_its_own()
    {
        Scoped.Disposed = 0;
        await using var host = await RunningHost.Of(typeof(Instanced), services => services.AddScoped<Scoped>());

        Assert.Equal("1", await host.Get("/instanced"));
        Assert.Equal("1", await host.Get("/instanced"));
        SpinWait.SpinUntil(() => Scoped.Disposed == 2, TimeSpan.FromSeconds(10));
        Assert.Equal(2, Scoped.Disposed);
        Assert.Equal(0, Instanced.Disposed);
    }

    [Fact]
    public async Task A_parameter_that_nothing_binds_to_refuses_the_start()
    {
        var refusal = await Assert.ThrowsAsync<LocalHostException>(() => RunningHost.Of(typeof(Unbindable)));

        Assert.Contains("'Unbound'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("IServiceProvider services", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_without_a_trigger_refuses_the_start()
    {
        var refusal = await Assert.ThrowsAsync<LocalHostException>(() => RunningHost.Of(typeof(Untriggered)));

        Assert.Contains("exactly one trigger and has 0", refusal.Message, StringComparison.Ordinal);
    }

    public static class Bound
    {
        [Function("Orders")]
        public static IResult Orders(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orders/{name}/{number}/{id:guid}")] HttpRequest request,
            string name, int number, Guid id, int? limit, int page = 3) =>
            Results.Text($"{name} {number} {id} {limit?.ToString() ?? "-"} {page}");

        [Function("needs-count")]
        public static IResult NeedsCount([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, int count) => Results.Text($"{count}");

        [Function("Context")]
        public static IResult Context(
            [HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request,
            HttpContext http,
            FunctionContext context,
            [DurableClient] DurableTaskClient client,
            CancellationToken cancellation) =>
            Results.Text($"{context.FunctionDefinition.Name} {client.Name} {http.Request == request} {cancellation == http.RequestAborted}");
    }

    public sealed class Instanced(Scoped scoped) : IDisposable
    {
        public static int Disposed;

        private int calls;

        public void Dispose() => Interlocked.Increment(ref Disposed);

        [Function("instanced")]
        public IResult Get([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, FunctionContext context) =>
            Results.Text(scoped == context.InstanceServices.GetRequiredService<Scoped>() ? $"{++calls}" : "another scope");
    }

    public sealed class Scoped : IDisposable
    {
        public static int Disposed;

        public void Dispose() => Interlocked.Increment(ref Disposed);
    }

    public sealed record Person(string Name, int Age, DayOfWeek Day);

    public static class Bodies
    {
        [Function("Person")]
        public static IResult Json([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, [FromBody] Person person) => Results.Text($"{person.Name} {person.Age}");

        [Function("Text")]
        public static IResult Text([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, [FromBody] string text) => Results.Text(text);

        [Function("Bytes")]
        public static IResult Bytes([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, [FromBody] byte[] bytes) => Results.Text(Convert.ToHexString(bytes));

        [Function("bytes-read")]
        public static async Task<IResult> Read([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, CancellationToken cancellation)
        {
            var read = new byte[65536];
            var length = 0;
            while (await request.Body.ReadAsync(read, cancellation) is > 0 and var count)
                length += count;
            return Results.Text($"{length}");
        }
    }

    public static class PlainTrigger
    {
        [Function("PlainTrigger")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous)] Person person)
        {
        }
    }

    public sealed class Waiting
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<bool> Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Waits(Waiting waiting)
    {
        [Function("Waits")]
        public async Task Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, CancellationToken cancellation)
        {
            waiting.Entered.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                waiting.Aborted.SetResult(request.HttpContext.RequestAborted.IsCancellationRequested);
            }
        }
    }

    public static class Unbindable
    {
        [Function("Unbound")]
        public static void Get([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, IServiceProvider services)
        {
        }
    }

    public static class Untriggered
    {
        [Function("Nothing")]
        public static void Run(string input)
        {
        }
    }

    private sealed class NamedClient() : DurableTaskClient("hub")
    {
        public override Task<string> ScheduleNewOrchestrationInstanceAsync(
            TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
