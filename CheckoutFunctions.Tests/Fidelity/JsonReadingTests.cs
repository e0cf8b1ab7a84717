using System.Text.Json;
using System.Text.Json.Serialization;

namespace CheckoutFunctions.Tests.Fidelity;

/// <summary>How values are read where they cross a durable boundary, and what happens where they can't be.</summary>
public sealed class JsonReadingTests
{
    [Fact]
    [Behaviour("1.3")]
    public async Task Reading_ignores_case_and_unknown_members_and_fills_in_missing_ones() =>
        Assert.Equal(new Line("nm", 0, 0, null), await Run<Line>("ReadsLine", """{"NAME":"nm","size":3}"""));

    [Theory]
    [InlineData("""{"Price":"10.5"}""")]
    [InlineData("""{"Count":"5"}""")]
    [InlineData("""{"Colour":"Green"}""")]
    [Behaviour("1.3")]
    public async Task Reading_a_number_or_an_enum_from_a_text_throws(string json) => Assert.Equal("System.Text.Json.JsonException", await Run<string>("TriesLine", json));

    [Theory]
    [InlineData("""{"$type":"circle","R":1}""", "Circle { R = 1 }")]
    [InlineData("""{"R":1,"$type":"circle"}""", "System.NotSupportedException")]
    [InlineData("""{"R":1}""", "System.NotSupportedException")]
    [Behaviour("1.9")]
    public async Task A_discriminator_that_comes_first_gives_the_derived_record(string json, string expected) =>
        Assert.Equal(expected, await Run<string>("ReadsShape", json));

    [Theory]
    [InlineData("TakesShape", """{"R":1}""", "System.NotSupportedException")]
    [InlineData("TakesText", "5", "System.Text.Json.JsonException")]
    [InlineData("TakesText", "{}", "System.Text.Json.JsonException")]
    [InlineData("TakesNumber", "\"5\"", "System.Text.Json.JsonException")]
    [InlineData("TakesNumber", "null", "System.NullReferenceException")]
    [InlineData("TakesMaybe", "null", "none")]
    [InlineData("TakesText", "null", "none")]
    [Behaviour("1.11", "1.13", "1.14")]
    public async Task Input_that_an_activity_s_parameter_cannot_be_read_from_fails_the_activity(string activity, string input, string expected) =>
        Assert.Equal(expected, await Run<string>("Calls", $"[\"{activity}\",{input}]"));

    [Fact]
    [Behaviour("1.13")]
    public async Task A_result_that_cannot_be_read_throws_in_the_orchestrator() =>
        Assert.Equal<string[]>(["System.Text.Json.JsonException", "System.Text.Json.JsonException"], await Run<string[]>("Misreads", "null"));

    [Fact]
    [Behaviour("1.12")]
    public async Task An_activity_without_a_result_gives_null_and_zero() =>
        Assert.Equal<string[]>(["null 0", "null 0", "null 0"], await Run<string[]>("GetsNothing", "null"));

    [Fact]
    [Behaviour("1.16")]
    public async Task An_event_read_as_an_object_is_null_or_a_JsonElement()
    {
        using var world = BoundWorld.Of(typeof(Work));
        await world.Start("Waits");
        await world.Client.RaiseEventAsync("one", "Go");
        await world.Client.RaiseEventAsync("one", "Go", 5);

        Assert.Equal<string[]>(["none", "JsonElement 5"], await world.Complete<string[]>());
    }

    [Fact]
    [Behaviour("1.17")]
    public async Task An_event_that_cannot_be_read_fails_the_instance_and_its_code_cannot_catch_it()
    {
        using var world = BoundWorld.Of(typeof(Work));
        await world.Start("WaitsForNumber");
        await world.Client.RaiseEventAsync("one", "Go", "five");
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        Assert.StartsWith(
            """{"message":"Function 'WaitsForNumber' failed with an unhandled exception.","details":"Microsoft.Azure.WebJobs.Host.FunctionInvocationException: """,
            instance.SerializedOutput);
    }

    private static Task<T?> Run<T>(string orchestrator, string input) =>
        BoundWorld.Run<T>(typeof(Work), orchestrator, JsonSerializer.Deserialize<JsonElement>(input));

    public enum Colour
    {
        Red,
        Green,
    }

    public sealed record Line(string Name, decimal Price, int Count, Colour? Colour);

    [JsonDerivedType(typeof(Circle), "circle")]
    public abstract record Shape(int R);

    public sealed record Circle(int R) : Shape(R);

    public static class Work
    {
        [Function("ReadsLine")]
        public static Line? ReadsLine([OrchestrationTrigger] TaskOrchestrationContext context) => context.GetInput<Line>();

        [Function("TriesLine")]
        public static string TriesLine([OrchestrationTrigger] TaskOrchestrationContext context) => Try(() => $"{context.GetInput<Line>()}");

        [Function("ReadsShape")]
        public static string ReadsShape([OrchestrationTrigger] TaskOrchestrationContext context) => Try(() => $"{context.GetInput<Shape>()}");

        [Function("Calls")]
        public static async Task<string> Calls([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var (activity, input) = context.GetInput<JsonElement[]>() is [var first, var second] ? (first.GetString()!, second) : default;
            try
            {
                return await context.CallActivityAsync<string>(activity, input);
            }
            catch (TaskFailedException failed)
            {
                return failed.FailureDetails.ErrorType;
            }
        }

        [Function("Misreads")]
        public static async Task<string[]> Misreads([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            return [await Caught("GivesNumber"), await Caught("GivesLine")];

            async Task<string> Caught(string activity)
            {
                try
                {
                    return await context.CallActivityAsync<string>(activity);
                }
                catch (JsonException unread)
                {
                    return $"{unread.GetType()}";
                }
            }
        }

        [Function("GetsNothing")]
        public static async Task<string[]> GetsNothing([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            return [await Got("GivesNull"), await Got("GivesVoid"), await Got("GivesTask")];

            async Task<string> Got(string activity) =>
                $"{await context.CallActivityAsync<string>(activity) ?? "null"} {await context.CallActivityAsync<int>(activity)}";
        }

        [Function("Waits")]
        public static async Task<string[]> Waits([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            return [await Next(), await Next()];

            async Task<string> Next() => await context.WaitForExternalEvent<object?>("Go") is { } payload ? $"{payload.GetType().Name} {payload}" : "none";
        }

        [Function("WaitsForNumber")]
        public static async Task<int> WaitsForNumber([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                return await context.WaitForExternalEvent<int>("Go");
            }
            catch (JsonException)
            {
                return -1;
            }
        }

        [Function("TakesShape")]
        public static string TakesShape([ActivityTrigger] Shape shape) => $"{shape}";

        [Function("TakesText")]
        public static string TakesText([ActivityTrigger] string? text) => text ?? "none";

        [Function("TakesNumber")]
        public static string TakesNumber([ActivityTrigger] int number) => $"{number}";

        [Function("TakesMaybe")]
        public static string TakesMaybe([ActivityTrigger] int? number) => number is null ? "none" : $"{number}";

        [Function("GivesNumber")]
        public static int GivesNumber([ActivityTrigger] object? input) => 5;

        [Function("GivesLine")]
        public static Line GivesLine([ActivityTrigger] object? input) => new("nm", 1, 2, null);

        [Function("GivesNull")]
        public static string? GivesNull([ActivityTrigger] object? input) => null;

        [Function("GivesVoid")]
        public static void GivesVoid([ActivityTrigger] object? input)
        {
        }

        [Function("GivesTask")]
        public static async Task GivesTask([ActivityTrigger] object? input) => await Task.Yield();

        private static string Try(Func<string> read)
        {
            try
            {
                return read();
            }
            catch (Exception unread) when (unread is JsonException or NotSupportedException)
            {
                return $"{unread.GetType()}";
            }
        }
    }
}
