using System.Text.Json;
using System.Text.Json.Nodes;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using LocalHost.Engine;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>
/// Every record that crosses a durable boundary comes back as it went, by its runtime type, as the real host writes it;
/// and its names are pinned, because histories and events on disk hold them.
/// </summary>
public sealed class DurableRecordTests
{
    private const string Pinned = "CheckoutFunctions.Tests/Rules/DurableRecords.txt";

    public static TheoryData<Type> Roots => [.. DurableRecords.Roots];

    [Theory]
    [MemberData(nameof(Roots))]
    public void A_payload_comes_back_as_it_went(Type type)
    {
        var longestEnum = DurableRecords.All.Where(inner => inner.IsEnum).Max(inner => Enum.GetValues(inner).Length);
        for (var round = 0; round < longestEnum; round++)
        {
            var json = RoundTrip(new Populated(round).Of(type));
            Assert.DoesNotContain("null", json, StringComparison.Ordinal);
        }

        RoundTrip(new Populated(0, nulls: true).Of(type));
    }

    [Fact]
    public void Nothing_in_them_is_open_polymorphic_or_a_number_that_means_a_word() => Assert.Empty(DurableRecords.All.SelectMany(DurableRecords.Violations));

    /// <summary>A property that isn't written is lost on the way, unless it only says again what others say.</summary>
    [Fact]
    public void Everything_that_can_be_set_is_written() => Assert.Empty(
        from type in DurableRecords.All
        where !type.IsEnum
        from property in type.GetProperties()
        where property.CanWrite && !DurableRecords.NamesOf(type).Contains(property.Name)
        select $"{type.Name}.{property.Name}");

    [Fact]
    public void Their_names_are_pinned()
    {
        var now = string.Concat(DurableRecords.All.Select(Line));
        Assert.True(SourceFile.Read(Pinned).ReplaceLineEndings("\n") == now, $"{Pinned} says otherwise. A name may be added, never changed or taken away. Now:\n{now}");
    }

    [Fact]
    public void The_payloads_are_found_by_reflection_and_there_are_many() => Assert.Superset(
        new HashSet<Type> { typeof(CheckoutState), typeof(CheckoutCommand), typeof(Payment), typeof(PlaceOrder), typeof(SaveSession) },
        DurableRecords.Roots.ToHashSet());

    [Theory]
    [InlineData(typeof(Open), "Open is not sealed: its heirs would come back as it.")]
    [InlineData(typeof(Holder), "Holder.Any is a Object: neither a simple type, a sealed record, nor a read-only list or dictionary of those.")]
    [InlineData(typeof(Mutable), "Mutable.Count can be set after construction.")]
    [InlineData(typeof(Colour), "Colour.Red is written as a number: give the enum a JsonStringEnumConverter.")]
    [InlineData(typeof(NoRecord), "NoRecord is not a record.")]
    public void A_record_that_would_not_come_back_is_found(Type type, string violation) => Assert.Equal([violation], DurableRecords.Violations(type));

    [Fact]
    public void A_loss_on_the_way_is_found() =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => RoundTrip(Forgetful.With("a note")));

    private static string RoundTrip(object value)
    {
        var json = DurableJson.Serialize(value);
        var back = DurableJson.Deserialize(json, value.GetType());
        Assert.Equal(Indented(json), Indented(DurableJson.Serialize(back)));
        return json;
    }

    private static string Indented(string json) => JsonNode.Parse(json)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static string Line(Type type) => type.IsEnum
        ? $"{type.Name} = {string.Join(" | ", Enum.GetValues(type).Cast<object>().Select(value => DurableJson.Serialize(value).Trim('"')))}\n"
        : $"{type.Name}: {string.Join(", ", DurableRecords.NamesOf(type))}\n";

    internal record Open(string Name);

    internal sealed record Holder(object Any);

    internal sealed record Mutable
    {
        public int Count { get; set; }
    }

    internal sealed class NoRecord;

    internal enum Colour
    {
        Red,
    }

    /// <summary>Written, and not read again.</summary>
    internal sealed record Forgetful
    {
        public string Note { get; private init; } = "";

        public static Forgetful With(string note) => new() { Note = note };
    }
}
