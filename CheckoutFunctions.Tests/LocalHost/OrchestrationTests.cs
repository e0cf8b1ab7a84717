using System.Net;
using CheckoutFunctions.Tests.Fidelity;
using LocalHost;
using Microsoft.AspNetCore.Http;

namespace CheckoutFunctions.Tests.LocalHost;

/// <summary>Everything together: HTTP starts and advances an orchestration, whose activities run on instances from the container.</summary>
public class OrchestrationTests
{
    [Fact]
    public async Task An_orchestration_is_started_advanced_and_read_over_HTTP()
    {
        await using var host = await RunningHost.Of(typeof(Greeter));

        await host.Get("/start/g1?name=Ada");
        await host.Get("/say/g1?word=welcome");

        Assert.Equal("\"welcome, Ada!\"", await host.Get("/result/g1"));
    }

    [Theory]
    [Behaviour("15.2")]
    [InlineData(typeof(OnStaticClass))]
    [InlineData(typeof(OnInstances))]
    public async Task Functions_of_every_kind_may_be_static_or_on_instances_whose_constructor_takes_services(Type functions)
    {
        await using var host = await RunningHost.Of(functions);

        Assert.Equal("\"done: 7\"", await host.Get("/do?number=7"));
    }

    [Fact]
    public async Task An_activity_s_exception_reaches_the_orchestrator_under_its_own_type()
    {
        await using var host = await RunningHost.Of(typeof(Greeter));

        await host.Get("/start/g2?name=nobody");
        await host.Get("/say/g2?word=welcome");

        Assert.Equal("\"System.ArgumentException: there is nobody\"", await host.Get("/result/g2"));
    }

    [Fact]
    public async Task An_orchestration_goes_on_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("restart-");
        var options = RunningHost.Options(folder.FullName, [typeof(Greeter)]);
        await using (var first = await LocalHostApp.Start(options))
            Assert.Equal(HttpStatusCode.OK, await Call(first, "/start/g3?name=Ada"));

        await using (var second = await LocalHostApp.Start(options))
        {
            Assert.Equal(HttpStatusCode.OK, await Call(second, "/say/g3?word=still"));
            using var http = new HttpClient { BaseAddress = second.Api };
            Assert.Equal("\"still, Ada!\"", await http.GetStringAsync("/result/g3"));
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    private static async Task<HttpStatusCode> Call(LocalHostApp host, string path)
    {
        using var http = new HttpClient { BaseAddress = host.Api };
        using var response = await http.GetAsync(path);
        return response.StatusCode;
    }

    public static class OnStaticClass
    {
        [Function("Do")]
        public static async Task<IResult> Do([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, [DurableClient] DurableTaskClient client, int number)
        {
            var id = await client.ScheduleNewOrchestrationInstanceAsync("Flow", number);
            return Results.Text((await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true)).SerializedOutput);
        }

        [Function("Flow")]
        public static Task<string> Flow([OrchestrationTrigger] TaskOrchestrationContext context, int number) => context.CallActivityAsync<string>("Step", number);

        [Function("Step")]
        public static string Step([ActivityTrigger] int number) => $"done: {number}";
    }

    public sealed class OnInstances(TimeProvider clock)
    {
        [Function("Do")]
        public Task<IResult> Do([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, [DurableClient] DurableTaskClient client, int number) =>
            OnStaticClass.Do(request, client, clock is null ? 0 : number);

        [Function("Flow")]
        public Task<string> Flow([OrchestrationTrigger] TaskOrchestrationContext context, int number) => OnStaticClass.Flow(context, clock is null ? 0 : number);

        [Function("Step")]
        public string Step([ActivityTrigger] int number) => OnStaticClass.Step(clock is null ? 0 : number);
    }

    public sealed record Greeting(string Word, string Name);

    public sealed class Greeter(TimeProvider clock)
    {
        [Function("Start")]
        public static async Task Start(
            [HttpTrigger(AuthorizationLevel.Anonymous, Route = "start/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client, string id, string name) =>
            await client.ScheduleNewOrchestrationInstanceAsync("Greet", name, new StartOrchestrationOptions(id));

        [Function("Say")]
        public static async Task Say(
            [HttpTrigger(AuthorizationLevel.Anonymous, Route = "say/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client, string id, string word) =>
            await client.RaiseEventAsync(id, "Word", word);

        [Function("Result")]
        public static async Task<IResult> Result(
            [HttpTrigger(AuthorizationLevel.Anonymous, Route = "result/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client, string id, CancellationToken cancellation) =>
            Results.Text((await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellation)).SerializedOutput);

        [Function("Greet")]
        public async Task<string> Greet([OrchestrationTrigger] TaskOrchestrationContext context, string name)
        {
            var word = await context.WaitForExternalEvent<string>("Word");
            try
            {
                return await context.CallActivityAsync<string>("Compose", new Greeting(word, name));
            }
            catch (TaskFailedException failure)
            {
                return $"{failure.FailureDetails.ErrorType}: {failure.FailureDetails.ErrorMessage}";
            }
        }

        [Function("Compose")]
        public string Compose([ActivityTrigger] Greeting greeting) => greeting.Name == "nobody"
            ? throw new ArgumentException("there is nobody")
            : clock.GetUtcNow() > DateTimeOffset.UnixEpoch ? $"{greeting.Word}, {greeting.Name}!" : "no clock";
    }
}
