using System.Threading.Channels;
using LocalHost;
using LocalHost.Engine;
using LocalHost.QueueTriggers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.LocalHost;

public class QueueTriggerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_an_activity_returns_reaches_the_queue_s_function_and_the_orchestrator()
    {
        var received = new Received();
        await using var host = await RunningHost.Of(typeof(Shop), services => services.AddSingleton(received));

        var returned = await host.App.Services.GetRequiredService<ITaskFunctions>().RunActivity("Publish", "chk_1", "7", CancellationToken.None);

        Assert.Equal(new OrderPlaced(7), returned);
        Assert.Equal("order 7, attempt 1", await received.Next(Patience));
    }

    [Fact]
    public async Task A_function_of_any_kind_may_write_to_a_queue()
    {
        var received = new Received();
        await using var host = await RunningHost.Of(typeof(Shop), services => services.AddSingleton(received));

        await host.Get("/publish");

        Assert.Equal("text hello True", await received.Next(Patience));
    }

    [Fact]
    public async Task A_message_that_keeps_failing_goes_to_the_poison_queue_after_the_last_attempt()
    {
        var received = new Received();
        await using var host = await RunningHost.Of(
            typeof(Failing), services => services.AddSingleton(received), new HostJson { RoutePrefix = "", MaxDequeueCount = 3 });

        host.App.Services.GetRequiredService<QueueStore>().Add("jobs", "a job");

        Assert.Equal("attempt 1", await received.Next(Patience));
        Assert.Equal("attempt 2", await received.Next(Patience));
        Assert.Equal("attempt 3", await received.Next(Patience));
        Assert.Equal("poison a job", await received.Next(Patience));
    }

    public sealed record OrderPlaced(int Number);

    /// <summary>What functions saw, in order.</summary>
    public sealed class Received
    {
        private readonly Channel<string> seen = Channel.CreateUnbounded<string>();

        public void Add(string text) => seen.Writer.TryWrite(text);

        public Task<string> Next(TimeSpan patience) => seen.Reader.ReadAsync().AsTask().WaitAsync(patience);
    }

    public sealed class Shop(Received received)
    {
        [Function("Publish")]
        [QueueOutput("orders")]
        public OrderPlaced Publish([ActivityTrigger] int number) => new(number);

        [Function("SendReceipt")]
        public Task SendReceipt([QueueTrigger("orders")] OrderPlaced order, int dequeueCount)
        {
            received.Add($"order {order.Number}, attempt {dequeueCount}");
            return Task.CompletedTask;
        }

        [Function("publish-text")]
        [QueueOutput("texts")]
        public string PublishText([HttpTrigger(AuthorizationLevel.Anonymous, Route = "publish")] HttpRequest request) => "hello";

        [Function("ReadText")]
        public void ReadText([QueueTrigger("texts")] string text, string id, CancellationToken cancellation) =>
            received.Add($"text {text} {id.Length > 0}");
    }

    public sealed class Failing(Received received)
    {
        [Function("Job")]
        public void Job([QueueTrigger("jobs")] string job, int dequeueCount)
        {
            received.Add($"attempt {dequeueCount}");
            throw new InvalidOperationException("never works");
        }

        [Function("Poison")]
        public void Poison([QueueTrigger("jobs-poison")] string job) => received.Add($"poison {job}");
    }
}
