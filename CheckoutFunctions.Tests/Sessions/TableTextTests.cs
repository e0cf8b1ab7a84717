using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Tests.Sessions;

public sealed class TableTextTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(31_999)]
    [InlineData(32_000)]
    [InlineData(64_001)]
    public void No_part_is_longer_than_a_property_holds_or_ends_within_a_character(int before)
    {
        var text = new string('x', before) + string.Concat(Enumerable.Repeat("🫖", 20_000));
        var entity = new TableEntity("chk_1", "session");

        entity.Set("Document", text);

        Assert.Equal(text, entity.Text("Document"));
        Assert.All(entity.Where(property => property.Value is string).Select(property => (string)property.Value), part =>
        {
            Assert.InRange(part.Length, 0, 32_768);
            Assert.False(part.Length > 0 && char.IsHighSurrogate(part[^1]));
        });
    }
}
