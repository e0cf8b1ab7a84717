using System.Security.Cryptography;
using System.Text;
using CheckoutFunctions.Webhooks;

namespace CheckoutFunctions.Tests.Webhooks;

public sealed class BraintreeSignatureTests
{
    private const string Payload = "PGE+\nPC9hPg==\n";

    private static readonly BraintreeSignature Ours = new("public_1", "private_1");

    [Fact]
    public void The_private_key_signs() => Assert.True(Ours.IsOn(Payload, $"public_1|{BraintreeForm.Sign(Payload, "private_1")}"));

    [Fact]
    public void The_pair_with_our_public_key_counts_among_several()
    {
        var (ours, theirs) = (BraintreeForm.Sign(Payload, "private_1"), BraintreeForm.Sign(Payload, "private_2"));

        Assert.True(Ours.IsOn(Payload, $"public_2|{theirs}&public_1|{ours}"));
        Assert.False(Ours.IsOn(Payload, $"public_2|{ours}"));
        Assert.False(Ours.IsOn(Payload, $"public_1|{theirs}"));
    }

    [Fact]
    public void A_line_break_that_was_lost_at_the_end_does_not_matter_and_any_other_change_does()
    {
        var header = $"public_1|{BraintreeForm.Sign(Payload, "private_1")}";

        Assert.True(Ours.IsOn(Payload.TrimEnd('\n'), header));
        Assert.False(Ours.IsOn(Payload + "\n", header));
        Assert.False(Ours.IsOn(Payload.Replace("\n", "", StringComparison.Ordinal), header));
        Assert.False(Ours.IsOn("", header));
    }

    [Theory]
    [InlineData("")]
    [InlineData("|")]
    [InlineData("public_1")]
    [InlineData("public_1|")]
    [InlineData("public_1|00")]
    [InlineData("public_1||{sig}")]
    [InlineData("public_1|{sig}|")]
    [InlineData("public_1|{sig}0")]
    [InlineData("{sig}")]
    [InlineData("&&&")]
    public void A_header_of_another_form_is_refused(string header) =>
        Assert.False(Ours.IsOn(Payload, header.Replace("{sig}", BraintreeForm.Sign(Payload, "private_1"), StringComparison.Ordinal)));

    [Theory]
    [InlineData(null, null)]
    [InlineData("public_1", null)]
    [InlineData(null, "private_1")]
    public void Without_both_keys_nothing_is_signed_and_no_challenge_answered(string? publicKey, string? privateKey)
    {
        var none = new BraintreeSignature(publicKey, privateKey);

        Assert.False(none.IsOn(Payload, $"public_1|{BraintreeForm.Sign(Payload, "private_1")}"));
        Assert.False(none.IsOn(Payload, $"{publicKey}|{BraintreeForm.Sign(Payload, "")}"));
        Assert.Null(none.AnswerTo("0123456789abcdef0123"));
    }

    [Theory]
    [InlineData("0123456789abcdef0123", true)]
    [InlineData("0123456789abcdef0123456789abcdef", true)]
    [InlineData("0123456789abcdef012", false)]
    [InlineData("0123456789abcdef0123456789abcdef0", false)]
    [InlineData("0123456789abcdef0123\n", false)]
    [InlineData("0123456789ABCDEF0123", false)]
    [InlineData("", false)]
    public void A_challenge_is_answered_and_nothing_else_is_signed_for_anybody(string challenge, bool isOne) =>
        Assert.Equal(isOne ? $"public_1|{BraintreeForm.Sign(challenge, "private_1")}" : null, Ours.AnswerTo(challenge));

    [RecordedFact]
    public void The_known_answers_come_out()
    {
        foreach (var vector in Recordings.Read("braintree", "webhook_signature_known_answers").GetProperty("vectors").EnumerateArray())
        {
            string Text(string name) => vector.GetProperty(name).GetString()!;
            var isSigned = new BraintreeSignature(Text("public_key"), Text("private_key")).IsOn(Text("bt_payload"), Text("bt_signature"));
            Assert.True(isSigned == (Text("expect") == "valid"), Text("name"));
        }
    }
}

/// <summary>Notifications as Braintree posts them.</summary>
internal static class BraintreeForm
{
    public static string Payload(string xml) => Convert.ToBase64String(Encoding.UTF8.GetBytes(xml), Base64FormattingOptions.InsertLineBreaks).Replace("\r", "", StringComparison.Ordinal) + "\n";

    public static string Notification(string kind, string subject, string at = "2026-01-01T00:00:00Z") =>
        $"""<?xml version="1.0" encoding="UTF-8"?><notification><timestamp type="datetime">{at}</timestamp><kind>{kind}</kind><subject>{subject}</subject></notification>""";

    public static string Transaction(string orderId, string id = "abc123", string more = "") =>
        $"<transaction><id>{id}</id><status>settled</status><order-id>{orderId}</order-id>{more}</transaction>";

#pragma warning disable CA5350 // Braintree's own choice.
    public static string Sign(string payload, string privateKey) =>
        Convert.ToHexStringLower(HMACSHA1.HashData(SHA1.HashData(Encoding.UTF8.GetBytes(privateKey)), Encoding.UTF8.GetBytes(payload)));
#pragma warning restore CA5350

    public static FormUrlEncodedContent Of(string payload, string? signature) => new(
        new Dictionary<string, string?> { ["bt_payload"] = payload, ["bt_signature"] = signature }.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, field.Value!)));
}
