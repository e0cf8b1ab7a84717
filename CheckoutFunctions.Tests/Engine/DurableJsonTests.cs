using System.Text.Json;
using System.Text.Json.Serialization;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Engine;

public sealed class DurableJsonTests
{
    [Fact]
    public void The_runtime_type_is_written_so_that_a_discriminator_is_lost_except_inside_a_declared_type()
    {
        Shape circle = new Circle(5, "c");

        Assert.Equal("""{"Tag":"c","R":5}""", DurableJson.Serialize(circle));
        Assert.Equal("""[{"$type":"circle","Tag":"c","R":5}]""", DurableJson.Serialize(new List<Shape> { circle }));
        Assert.Throws<NotSupportedException>(() => DurableJson.Deserialize<Shape>(DurableJson.Serialize(circle)));
    }

    [Fact]
    public void Names_are_kept_as_declared_nulls_written_and_enums_are_numbers() =>
        Assert.Equal("""{"Colour":1,"other":null}""", DurableJson.Serialize(new Paint(Colour.Green, null)));

    [Fact]
    public void Reading_ignores_case_and_unknown_members_and_fills_defaults()
    {
        Assert.Equal(new Paint(Colour.Green, null), DurableJson.Deserialize<Paint>("""{"colour":1,"size":3}"""));
        Assert.Equal(0, DurableJson.Deserialize<int>("null"));
        Assert.Null(DurableJson.Deserialize<string>(null));
    }

    [Theory]
    [InlineData("\"5\"")]
    [InlineData("{}")]
    public void Reading_is_strict_about_numbers(string json) => Assert.Throws<JsonException>(() => DurableJson.Deserialize<int>(json));

    [JsonPolymorphic]
    [JsonDerivedType(typeof(Circle), "circle")]
    public abstract record Shape(int R);

    public sealed record Circle(int R, string Tag) : Shape(R);

    public enum Colour
    {
        Red,
        Green,
    }

    public sealed record Paint(Colour Colour, [property: JsonPropertyName("other")] string? Other);
}
