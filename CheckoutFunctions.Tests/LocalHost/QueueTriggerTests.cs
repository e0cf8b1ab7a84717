using System.Threading.Channels;
using CheckoutFunctions.Tests.Fidelity;
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
    [Behaviour("13.5")]
    public async Task What_an_activity_returns_reaches_the_queue_s_function_and_the_orchestrator()
    {
        var received = new Received();
        await using var host = await RunningHost.Of(typeof(Shop), services => services.AddSingleton(received));

        var returned = await host.App.Services.GetRequiredService<ITaskFunctions>().RunActivity("Publish", "chk_1", "7", CancellationToken.None);

        Assert.Equal(new OrderPlaced(7), returned);
        Assert.Equal("order 7, attempt 1", await received.Next(Patience));
    }

    [Fact]
    [Behaviour("13.6")]
    public async Task An_activity_that_returns_a_queue_output_among_properties_sends_it_and_the_orchestrator_gets_null()
    {
        var received = new Received();
        await using var host = await RunningHost.Of([typeof(Shop), typeof(Several)], services => services.AddSingleton(received));

        var returned = await host.App.Services.GetRequiredService<ITaskFunctions>().RunActivity("PublishAmongOthers", "chk_1", "8", CancellationToken.None);

        Assert.Null(returned);
        Assert.Equal("order 8, attempt 1", await received.Next(Patience));
    }

    [Fact]
    [Behaviour("13.4")]
    public async Task An_HTTP_function_answers_with_one_property_and_sends_others()
    {
        var received = new Received();
        await using var host = await RunningHost.Of([typeof(Shop), typeof(Several)], services => services.AddSingleton(received));

        Assert.Equal("taken", await host.Get("/order/9"));
        Assert.Equal("nothing to send", await host.Get("/order/0"));

        Assert.Equal("order 9, attempt 1", await received.Next(Patience));
    }

    [Fact]
    [Behaviour("13.1")]
    public async Task JSON_is_read_with_names_in_any_case_unknown_members_ignored_missing_ones_default_and_enums_as_numbers_only()
    {
        var received = new Received();
        await using var host = await RunningHost.Of(
            typeof(Colours), services => services.AddSingleton(received), new HostJson { RoutePrefix = "", MaxDequeueCount = 2 });

        Send(host, "paints", """{"NAME":"door","colour":2,"layers":3}""");
        Assert.Equal("door Blue 0", await received.Next(Patience));

        Send(host, "paints", """{"Name":"wall","Colour":"Green"}""");
        Assert.Equal("""poison {"Name":"wall","Colour":"Green"} """, await received.Next(Patience));
    }

    [Theory]
    [Behaviour("13.2")]
    [InlineData("not Base64!")]
    [InlineData("//79")]
    public async Task A_message_that_is_not_Base64_of_UTF8_text_goes_to_the_poison_queue_at_once_without_the_function_running(string body)
    {
        var received = new Received();
        await using var host = await RunningHost.Of(typeof(Failing), services => services.AddSingleton(received));
        var queues = host.App.Services.GetRequiredService<QueueStore>();

        queues.Add("unread-jobs", body);
        QueueMessage? poison = null;
        SpinWait.SpinUntil(() => (poison = queues.Take("unread-jobs-poison")) is not null, Patience);

        Assert.Equal((body, 1), (poison?.Body, poison?.DequeueCount));
        Send(host, "unread-jobs", "b64 text");
        Assert.Equal("unread b64 text", await received.Next(Patience));
    }

    [Fact]
    public async Task A_message_is_plain_text_where_host_json_says_so()
    {
        var received = new Received();
        await using var host = await RunningHost.Of(
            typeof(Failing), services => services.AddSingleton(received), new HostJson { RoutePrefix = "", MessagesAreBase64 = false });

        host.App.Services.GetRequiredService<QueueStore>().Add("unread-jobs", "plain");

        Assert.Equal("unread plain", await received.Next(Patience));
    }

    [Fact]
    public async Task A_message_that_takes_long_holds_up_no_others_and_no_more_run_than_a_batch_and_its_threshold()
    {
        var crowd = new Crowd();
        await using var host = await RunningHost.Of(
            typeof(Crowded), services => services.AddSingleton(crowd), new HostJson { RoutePrefix = "", BatchSize = 2, NewBatchThreshold = 1 });

        for (var number = 0; number < 12; number++)
            Send(host, "crowd", $"{number}");

        await crowd.OthersDone.Task.WaitAsync(Patience);
        crowd.Long.SetResult();
        Assert.InRange(crowd.MostAtOnce, 2, 3);
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
    [Behaviour("13.3")]
    public async Task A_message_that_keeps_failing_goes_to_the_poison_queue_after_the_last_attempt()
    {
        var received = new Received();
        await using var host = await RunningHost.Of(
            typeof(Failing), services => services.AddSingleton(received), new HostJson { RoutePrefix = "", MaxDequeueCount = 3 });

        Send(host, "jobs", "a job");

        Assert.Equal("attempt 1", await received.Next(Patience));
        Assert.Equal("attempt 2", await received.Next(Patience));
        Assert.Equal("attempt 3", await received.Next(Patience));
        Assert.Equal("poison a job", await received.Next(Patience));
    }

    private static void Send(RunningHost host, string queue, string text) =>
        host.App.Services.GetRequiredService<QueueStore>().Add(queue, MessageEncoding.Base64.Encode(text));

    public sealed record OrderPlaced(int Number);

    public enum Colour
    {
        Red,
        Green,
        Blue,
    }

    public sealed record Paint(string Name, Colour Colour, int Coats);

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

        [Function("Unread")]
        public void Unread([QueueTrigger("unread-jobs")] string job) => received.Add($"unread {job}");

        [Function("Poison")]
        public void Poison([QueueTrigger("jobs-poison")] string job) => received.Add($"poison {job}");
    }

    public sealed record Taken([property: HttpResult] IResult Answer, [property: QueueOutput("orders")] OrderPlaced? Placed);

    public static class Several
    {
        [Function("Order")]
        public static Taken Order([HttpTrigger(AuthorizationLevel.Anonymous, Route = "order/{number}")] HttpRequest request, int number) =>
            number == 0 ? new(Results.Text("nothing to send"), null) : new(Results.Text("taken"), new(number));

        [Function("PublishAmongOthers")]
        public static Task<Taken> Publish([ActivityTrigger] int number) => Task.FromResult(new Taken(Results.Empty, new(number)));
    }

    public sealed class Colours(Received received)
    {
        [Function("Paint")]
        public void Paint([QueueTrigger("paints")] Paint paint) => received.Add($"{paint.Name} {paint.Colour} {paint.Coats}");

        [Function("NotPainted")]
        public void NotPainted([QueueTrigger("paints-poison")] string paint) => received.Add($"poison {paint} ");
    }

    public sealed class Crowd
    {
        private readonly Lock gate = new();
        private int running;
        private int done;

        public TaskCompletionSource Long { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource OthersDone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int MostAtOnce { get; private set; }

        public async Task Join(int number)
        {
            lock (gate)
                MostAtOnce = Math.Max(MostAtOnce, ++running);
            await (number == 0 ? Long.Task : Task.Delay(2));
            lock (gate)
            {
                running--;
                if (++done == 11)
                    OthersDone.TrySetResult();
            }
        }
    }

    public sealed class Crowded(Crowd crowd)
    {
        [Function("Join")]
        public Task Join([QueueTrigger("crowd")] string number) => crowd.Join(int.Parse(number));
    }
}
