using System.Net;
using System.Net.Http.Json;
using CheckoutFunctions.Tests.LocalHost;
using CheckoutFunctions.Tests.Providers;
using LocalHost;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>Each kind of function on a host whose disk is full.</summary>
public sealed class DiskFullTests : IDisposable
{
    private readonly DiskSpace? disk = DiskSpace.CanMount ? new DiskSpace(8) : null;
    private readonly LogLines log = new();
    private readonly Steps steps = new();

    public void Dispose() => disk?.Dispose();

    [SmallDiskFact]
    public async Task An_activity_that_ends_meanwhile_keeps_its_result_and_runs_once()
    {
        await using var host = await Start();
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Calls");
        await steps.Entered.Task;

        disk!.Fill();
        steps.Finish.SetResult();
        await IsTold();
        disk.MakeRoom();

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var done = await client.WaitForInstanceCompletionAsync(id, true, patience.Token);
        Assert.Equal("done", done.ReadOutputAs<string>());
        Assert.Equal(1, steps.Runs);
    }

    [SmallDiskFact]
    public async Task A_message_whose_function_ends_meanwhile_is_deleted_when_there_is_room_and_not_handled_again()
    {
        await using var host = await Start();
        using var http = new HttpClient { BaseAddress = host.Api };
        (await http.PostAsync("/publish", null)).Dispose();
        await steps.Entered.Task;

        disk!.Fill();
        steps.Finish.SetResult();
        await IsTold();
        disk.MakeRoom();

        // The next one is handled, and the first isn't any more.
        using (var again = await http.PostAsync("/publish", null))
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await Until(() => steps.Handled == 2);
        Assert.Equal(2, steps.Runs);
    }

    [SmallDiskFact]
    public async Task A_function_whose_message_cannot_be_stored_answers_503_and_when_to_come_again()
    {
        await using var host = await Start();
        steps.Finish.SetResult();
        using var http = new HttpClient { BaseAddress = host.Api };

        disk!.Fill();
        using (var refused = await http.PostAsync("/publish", null))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("5", refused.Headers.GetValues("Retry-After").Single());
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            Assert.Contains("\"code\":\"store_unavailable\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        disk.MakeRoom();
        using (var stored = await http.PostAsync("/publish", null))
            Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        await Until(() => steps.Handled == 1);
    }

    [SmallDiskFact]
    public async Task The_management_api_answers_503_to_what_must_be_stored_and_still_shows_what_is()
    {
        await using var host = await Start();
        steps.Finish.SetResult();
        using var http = new HttpClient { BaseAddress = host.Api };
        http.DefaultRequestHeaders.Add("x-functions-key", RunningHost.Key);
        var large = JsonContent.Create(new string('x', 200_000));

        disk!.Fill();
        using (var refused = await http.PostAsync("/runtime/webhooks/durabletask/orchestrators/Calls/one", large))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("5", refused.Headers.GetValues("Retry-After").Single());
        }

        using (var nothing = await http.GetAsync("/runtime/webhooks/durabletask/instances/one"))
            Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);

        disk.MakeRoom();
        using (var started = await http.PostAsync("/runtime/webhooks/durabletask/orchestrators/Calls/one", large))
            Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await host.Services.GetRequiredService<DurableTaskClient>().WaitForInstanceCompletionAsync("one", false, patience.Token);
    }

    [SmallDiskFact]
    public async Task A_host_that_finds_the_disk_full_at_its_start_says_so_and_starts_when_there_is_room()
    {
        await (await Start()).DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        disk!.Fill();

        var refusal = await Assert.ThrowsAsync<LocalHostException>(Start);
        Assert.Contains(disk.Folder, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);

        disk.MakeRoom();
        await (await Start()).DisposeAsync();
    }

    private Task<LocalHostApp> Start() => LocalHostApp.Start(RunningHost.Options(disk!.Folder, [typeof(Functions)], services => services
        .AddSingleton(steps)
        .AddLogging(logging => logging.ClearProviders().AddProvider(log))));

    private Task IsTold() => Until(() => log.Lines.Any(line => line.Contains("The store can't be used", StringComparison.Ordinal)));

    private static async Task Until(Func<bool> reached)
    {
        for (var look = 0; !reached(); look++)
        {
            Assert.True(look < 600, "It never came to that.");
            await Task.Delay(50);
        }
    }

    public sealed class Steps
    {
        private int runs;
        private int handled;

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Finish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Runs => runs;

        public int Handled => handled;

        public async Task Run()
        {
            Interlocked.Increment(ref runs);
            Entered.TrySetResult();
            await Finish.Task;
            Interlocked.Increment(ref handled);
        }
    }

    public sealed class Functions(Steps steps)
    {
        [Function("Calls")]
        public static Task<string> Calls([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<string>("Step");

        [Function("Step")]
        public async Task<string> Step([ActivityTrigger] string? input)
        {
            await steps.Run();
            return "done";
        }

        [Function("Handle")]
        public Task Handle([QueueTrigger("jobs")] string job) => steps.Run();

        [Function("Publish")]
        [QueueOutput("jobs")]
        public static string Publish([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "publish")] HttpRequest request) => "a job";
    }
}
