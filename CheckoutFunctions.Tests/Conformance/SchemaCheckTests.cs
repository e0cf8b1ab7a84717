using System.Text.Json;

namespace CheckoutFunctions.Tests.Conformance;

/// <summary>What the check of descriptions finds, and what it lets pass.</summary>
public sealed class SchemaCheckTests
{
    private const string Parcel = """
        { "type": "object", "required": ["weight"], "properties": {
            "weight": { "type": "number", "maximum": 70 }, "unit": { "type": "string", "enum": ["g", "oz"] }, "count": { "type": ["integer", "null"] },
            "to": { "oneOf": [{ "type": "string", "maxLength": 3 }, { "$ref": "#/place" }] }, "tags": { "type": "array", "items": { "type": "string" } },
            "both": { "allOf": [{ "$ref": "#/place" }, { "type": "object", "properties": { "name": { "type": "string" } } }] }, "extra": { "type": "object", "additionalProperties": { "type": "string" } } } }
        """;

    private static readonly JsonElement Root = JsonElement.Parse($$"""
        { "place": { "type": "object", "required": ["zip"], "properties": { "zip": { "type": "string", "pattern": "^\\d+$" } } }, "parcel": {{Parcel}} }
        """);

    [Theory]
    [InlineData("""{ "weight": 1.5, "unit": "oz", "count": null, "to": "abc", "tags": ["a"], "extra": { "any": "thing" } }""")]
    [InlineData("""{ "weight": 1, "to": { "zip": "90210" }, "both": { "zip": "1", "name": "Ada" } }""")]
    public void What_fits_passes(string json) => Assert.Empty(Check(json));

    [Theory]
    [InlineData("{}", "$.weight is missing")]
    [InlineData("""{ "weight": "1" }""", "$.weight is \"1\", not of type number")]
    [InlineData("""{ "weight": 71 }""", "$.weight is more than 70")]
    [InlineData("""{ "weight": null }""", "$.weight is null")]
    [InlineData("""{ "weight": 1, "unit": "lb" }""", "$.unit is \"lb\", none of its words")]
    [InlineData("""{ "weight": 1, "count": 1.5 }""", "$.count is 1.5, not of type integer or null")]
    [InlineData("""{ "weight": 1, "to": "abcd" }""", "$.to is longer than 3")]
    [InlineData("""{ "weight": 1, "to": { "zip": "a" } }""", "$.to.zip doesn't look like ^\\d+$")]
    [InlineData("""{ "weight": 1, "tags": ["a", 1] }""", "$.tags[1] is 1, not of type string")]
    [InlineData("""{ "weight": 1, "both": { "zip": "1", "nmae": "Ada" } }""", "$.both.nmae is unknown")]
    [InlineData("""{ "weight": 1, "extra": { "any": 1 } }""", "$.extra.any is 1, not of type string")]
    [InlineData("""{ "weight": 1, "wieght": 1 }""", "$.wieght is unknown")]
    public void What_does_not_is_named(string json, string violation) => Assert.Equal([violation], Check(json));

    [Fact]
    public void Forms_are_text()
    {
        var form = Exchange.Fields("weight=1.5&count=2&tags[]=a+b&tags[]=c&extra[x%5D]=1");
        Assert.Equal("""{"weight":"1.5","count":"2","tags":["a b","c"],"extra":{"x":"1"}}""", form.GetRawText());
        Assert.Empty(new SchemaCheck(Root) { IsClosed = true, IsText = true }.Of(Root.GetProperty("parcel"), form));
    }

    private static IReadOnlyList<string> Check(string json) => new SchemaCheck(Root) { IsClosed = true }.Of(Root.GetProperty("parcel"), JsonElement.Parse(json));
}
