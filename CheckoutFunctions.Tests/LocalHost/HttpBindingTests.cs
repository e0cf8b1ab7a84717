using System.Net;
using LocalHost;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.LocalHost;

public class HttpBindingTests
{
    private const string SomeGuid = "6f9619ff-8b86-d011-b42d-00c04fc964ff";

    [Fact]
    public async Task Route_and_query_values_bind_by_name()
    {
        await using var host = await RunningHost.Of(typeof(Bound));

        Assert.Equal($"a b 7 {SomeGuid} - 3", await host.Get($"/orders/a%20b/7/{SomeGuid}"));
        Assert.Equal($"a b 7 {SomeGuid} 12 4", await host.Get($"/orders/a%20b/7/{SomeGuid}?LIMIT=12&page=4"));
    }

    [Fact]
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

    [Fact]
    public async Task Each_invocation_has_an_instance_and_a_scope_of_its_own()
    {
        Scoped.Disposed = 0;
        await using var host = await RunningHost.Of(typeof(Instanced), services => services.AddScoped<Scoped>());

        Assert.Equal("1", await host.Get("/instanced"));
        Assert.Equal("1", await host.Get("/instanced"));
        SpinWait.SpinUntil(() => Scoped.Disposed == 2, TimeSpan.FromSeconds(10));
        Assert.Equal(2, Scoped.Disposed);
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

    public sealed class Instanced(Scoped scoped)
    {
        private int calls;

        [Function("instanced")]
        public IResult Get([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, FunctionContext context) =>
            Results.Text(scoped == context.InstanceServices.GetRequiredService<Scoped>() ? $"{++calls}" : "another scope");
    }

    public sealed class Scoped : IDisposable
    {
        public static int Disposed;

        public void Dispose() => Interlocked.Increment(ref Disposed);
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
