using LocalHost;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.LocalHost;

public class HostTests
{
    [Fact]
    public async Task A_second_host_on_the_same_data_folder_refuses_to_start_and_the_first_goes_on()
    {
        await using var host = await RunningHost.Of(typeof(Hello));

        var refusal = await Assert.ThrowsAsync<LocalHostException>(() =>
            LocalHostApp.Start(RunningHost.Options(host.App.DataFolder, [typeof(Hello)])));

        Assert.Contains("Another LocalHost is running on the data folder " + host.App.DataFolder, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("hello", await host.Get("/Hello"));
    }

    [Fact]
    public async Task A_host_may_start_again_where_one_has_stopped_or_failed_to_start()
    {
        var folder = Directory.CreateTempSubdirectory("again-");
        await (await LocalHostApp.Start(RunningHost.Options(folder.FullName, [typeof(Hello)]))).DisposeAsync();
        await Assert.ThrowsAsync<LocalHostException>(() => LocalHostApp.Start(RunningHost.Options(folder.FullName, [typeof(Hello), typeof(Hello)])));

        await using (var host = await LocalHostApp.Start(RunningHost.Options(folder.FullName, [typeof(Hello)])))
            Assert.True(host.Api.IsLoopback);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var host = await RunningHost.Of(typeof(Hello));
        var folder = Directory.CreateTempSubdirectory("port-");

        var refusal = await Assert.ThrowsAsync<LocalHostException>(() =>
            LocalHostApp.Start(RunningHost.Options(folder.FullName, [typeof(Hello)]) with { Port = host.App.Api.Port }));

        Assert.StartsWith($"Port {host.App.Api.Port} is taken", refusal.Message, StringComparison.Ordinal);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_address_that_this_machine_does_not_have_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("address-");
        var documentation = System.Net.IPAddress.Parse("192.0.2.1");

        var refusal = await Assert.ThrowsAsync<LocalHostException>(() =>
            LocalHostApp.Start(RunningHost.Options(folder.FullName, [typeof(Hello)]) with { Address = documentation }));

        Assert.StartsWith("LocalHost can't listen on 192.0.2.1:0", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("LocalHost__Address", refusal.Message, StringComparison.Ordinal);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_banner_says_where_the_instances_are_and_its_link_opens()
    {
        await using var host = await RunningHost.Of(typeof(Hello));
        using var written = new StringWriter();

        Banner.Write(written, host.App);

        var link = written.ToString().Split('\n').Single(line => line.TrimStart().StartsWith("instances", StringComparison.Ordinal)).Split(' ')[^1].Trim();
        Assert.Equal("[]", await host.Get(link));
    }

    [Fact]
    public async Task Without_a_key_each_host_makes_up_its_own()
    {
        var folder = Directory.CreateTempSubdirectory("key-");
        var options = RunningHost.Options(folder.FullName, [typeof(Hello)]) with { OperatorKey = null };
        var keys = new List<string>();
        for (var start = 0; start < 2; start++)
        {
            await using var host = await LocalHostApp.Start(options);
            keys.Add(host.OperatorKey);
        }

        Assert.All(keys, key => Assert.Equal(32, key.Length));
        Assert.NotEqual(keys[0], keys[1]);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Stopping_lets_a_request_that_is_under_way_finish()
    {
        var slow = new SlowWork();
        await using var host = await RunningHost.Of(typeof(Slow), services => services.AddSingleton(slow));
        var answer = host.Get("/Slow");
        await slow.Entered.Task;

        var stopped = host.App.DisposeAsync();
        slow.Finish.SetResult();

        Assert.Equal("finished", await answer);
        await stopped;
    }

    public sealed class SlowWork
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Finish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Slow(SlowWork work)
    {
        [Function("Slow")]
        public async Task<IResult> Get([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, CancellationToken cancellation)
        {
            work.Entered.SetResult();
            await work.Finish.Task.WaitAsync(cancellation);
            return Results.Text("finished");
        }
    }

    public static class Hello
    {
        [Function("Hello")]
        public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text("hello");
    }
}
