using System.Text.Json;
using System.Text.Json.Serialization;

namespace CheckoutFunctions.Tests.Fidelity;

/// <summary>How values are written wherever they cross a durable boundary.</summary>
public sealed class JsonWritingTests
{
    private const int ActivityInput = 3;

    [Fact]
    [Behaviour("1.1")]
    public async Task Values_are_written_with_the_names_declared_nulls_numeric_enums_and_no_fields() =>
        Assert.All(await Everywhere("paint"), json => Assert.Equal("""{"Colour":1,"other":null}""", json));

    [Fact]
    [Behaviour("1.2", "1.6")]
    public async Task An_activity_declared_to_return_a_base_gives_its_derived_record_without_a_type_which_the_orchestrator_cannot_read_back() =>
        Assert.Equal(
            [
                """{"Tag":"c","R":1}""",
                "System.NotSupportedException: The JSON payload for polymorphic interface or abstract type 'CheckoutFunctions.Tests.Fidelity.JsonWritingTests+Shape' must specify a type discriminator.",
            ],
            await Read("circle"));

    [Fact]
    [Behaviour("1.7")]
    public async Task A_discriminator_declared_on_the_derived_record_itself_is_not_written_either()
    {
        Assert.All(await Everywhere("self"), json => Assert.Equal("""{"R":2}""", json));
        var read = await Read("self");
        Assert.Equal("""{"R":2}""", read[0]);
        Assert.StartsWith("System.NotSupportedException: ", read[1]);
    }

    [Fact]
    [Behaviour("1.8")]
    public async Task A_discriminator_is_lost_on_every_way_and_kept_inside_a_declared_type()
    {
        Assert.All(await Everywhere("circle"), json => Assert.Equal("""{"Tag":"c","R":1}""", json));
        Assert.All(await Everywhere("list"), json => Assert.Equal("""[{"$type":"circle","Tag":"c","R":1}]""", json));
    }

    [Fact]
    [Behaviour("1.4")]
    public async Task Times_keep_their_offset_and_a_decimal_keeps_its_zeros_except_on_its_way_into_an_activity()
    {
        var places = (await Everywhere("values")).Select(json => JsonSerializer.Deserialize<JsonElement>(json)).ToList();

        Assert.All(places, values => Assert.Equal(
            ["2026-01-02T03:04:05.678+02:00", "2026-01-02T03:04:05Z", "00:01:30", "AQID", "0f8fad5b-d9cb-469f-a165-70867728950e"],
            values.EnumerateObject().SkipLast(1).Select(value => value.Value.GetString())));
        Assert.All(places.Index(), place => Assert.Equal(
            place.Index == ActivityInput ? "10.5" : "10.50", place.Item.GetProperty("Price").GetRawText()));
    }

    [Theory]
    [InlineData("10.00", "10.0")]
    [InlineData("[1.5,-0.10,7,1E+20,12345678901234567890]", "[1.5,-0.1,7,1E+20,12345678901234567890]")]
    [InlineData("""{"a":"1.50","b.c":null,"d":[true,false,{}],"e\u0022":"\u00FC\n"}""", """{"a":"1.50","b.c":null,"d":[true,false,{}],"e\"":"ü\n"}""")]
    [InlineData("1.0E+400", "1.0E+400")]
    [Behaviour("1.4", "1.5")]
    public async Task An_activity_s_input_is_written_anew_by_the_host(string given, string arrives) =>
        Assert.Equal(arrives, await BoundWorld.Run<string>(typeof(Work), "Passes", JsonSerializer.Deserialize<JsonElement>(given)));

    [Fact]
    [Behaviour("1.5")]
    public async Task Texts_are_escaped_in_orchestrations_and_arrive_unescaped_in_activities_and_from_them()
    {
        var places = await Everywhere("text");

        const string Unescaped = "\"a+\\\"ü\"";
        Assert.All(places.Index(), place => Assert.Equal(place.Index == ActivityInput ? Unescaped : """
            "a\u002B\u0022\u00FC"
            """, place.Item));
        Assert.Equal(Unescaped, (await Read("text"))[0]);
        Assert.All(places, json => Assert.Equal("a+\"ü", JsonSerializer.Deserialize<string>(json)));
    }

    [Fact]
    [Behaviour("1.19")]
    public async Task A_custom_status_that_was_never_set_and_an_input_that_is_null_are_the_text_null()
    {
        using var world = BoundWorld.Of(typeof(Work));
        await world.Start("RawInput");
        await world.RunToEnd();

        var instance = await world.Get();
        Assert.Equal(("null", "null"), (instance.SerializedCustomStatus, instance.SerializedInput));
    }

    /// <summary>One value's JSON in each place: input, event, a child's input, an activity's input, a child's output, custom status.</summary>
    private static async Task<IReadOnlyList<string>> Everywhere(string kind)
    {
        using var world = BoundWorld.Of(typeof(Work));
        await world.Start("Everywhere", Work.Thing(kind), kind);
        await world.Client.RaiseEventAsync(kind, "Go", Work.Thing(kind));

        var seen = await world.Complete<string[]>(kind);
        var output = await Output(kind);
        var instance = await world.Get(kind);
        return [.. seen!, output, instance.SerializedCustomStatus!];
    }

    private static async Task<string> Output(string kind)
    {
        using var world = BoundWorld.Of(typeof(Work));
        await world.Start("Returns", kind);
        await world.RunToEnd();
        return (await world.Get()).SerializedOutput!;
    }

    private static async Task<string[]> Read(string kind) => (await BoundWorld.Run<string[]>(typeof(Work), "Reads", kind))!;

    public enum Colour
    {
        Red,
        Green,
    }

    public sealed record Paint(Colour Colour, [property: JsonPropertyName("other")] string? Other)
    {
        public readonly int Field = 7;
    }

    [JsonDerivedType(typeof(Circle), "circle")]
    public abstract record Shape(int R);

    public sealed record Circle(int R, string Tag) : Shape(R);

    [JsonDerivedType(typeof(Self), "self")]
    public record Self(int R) : Shape(R);

    public sealed record Values(DateTimeOffset At, DateTime Utc, TimeSpan Span, byte[] Bytes, Guid Id, decimal Price);

    public static class Work
    {
        public static object Thing(string kind) => kind switch
        {
            "paint" => new Paint(Colour.Green, null),
            "circle" => new Circle(1, "c"),
            "self" => new Self(2),
            "list" => new List<Shape> { new Circle(1, "c") },
            "text" => "a+\"ü",
            _ => new Values(
                new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)), new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
                TimeSpan.FromSeconds(90), [1, 2, 3], new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"), 10.50m),
        };

        [Function("Everywhere")]
        public static async Task<string[]> Everywhere([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var thing = Thing(context.InstanceId);
            context.SetCustomStatus(thing);
            return
            [
                context.GetInput<JsonElement>().GetRawText(),
                (await context.WaitForExternalEvent<JsonElement>("Go")).GetRawText(),
                await context.CallSubOrchestratorAsync<string>("RawInput", thing),
                await context.CallActivityAsync<string>("RawActivityInput", thing),
            ];
        }

        [Function("Reads")]
        public static async Task<string[]> Reads([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var kind = context.GetInput<string>();
            var raw = (await context.CallActivityAsync<JsonElement>(kind == "text" ? "GivesText" : "GivesShape", kind)).GetRawText();
            try
            {
                var read = await context.CallActivityAsync<Shape>("GivesShape", kind);
                return [raw, $"{read}"];
            }
            catch (NotSupportedException unread)
            {
                return [raw, $"{unread.GetType()}: {unread.Message[..(unread.Message.IndexOf("discriminator", StringComparison.Ordinal) + 13)]}."];
            }
            catch (TaskFailedException failed)
            {
                return [raw, failed.Message];
            }
        }

        [Function("Passes")]
        public static Task<string> Passes([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CallActivityAsync<string>("RawActivityInput", context.GetInput<JsonElement>());

        [Function("RawInput")]
        public static string RawInput([OrchestrationTrigger] TaskOrchestrationContext context) => context.GetInput<JsonElement?>()?.GetRawText() ?? "none";

        [Function("Returns")]
        public static object Returns([OrchestrationTrigger] TaskOrchestrationContext context) => Thing(context.GetInput<string>()!);

        [Function("RawActivityInput")]
        public static string RawActivityInput([ActivityTrigger] JsonElement input) => input.GetRawText();

        [Function("GivesShape")]
        public static Task<Shape> GivesShape([ActivityTrigger] string kind) => Task.FromResult((Shape)Thing(kind));

        [Function("GivesText")]
        public static string GivesText([ActivityTrigger] string kind) => (string)Thing(kind);
    }
}
