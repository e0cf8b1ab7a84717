using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Tests.Providers;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("""{"name":"Jürgen Groß","zip":"10117"}""", """{"detail":"J\u00dcRGEN at 10117 is unknown"}""", """{"detail":"[…] at […] is unknown"}""")]
    [InlineData("receipt_email=ada%40example.com&amount=1200&name=Ada+Lovelace", "no card for ada lovelace, 1200", "no card for […] […], […]")]
    [InlineData("", "write to ops@example.org about 4242 4242 4242 4242", "write to […] about […]")]
    [InlineData("", "the key sk_1 is not sk_12", "the key […] is not sk_12")]
    [InlineData("""{"a":"(*["}""", "plain", "plain")]
    [InlineData("not json {", "", "")]
    public void What_the_request_held_and_what_looks_personal_is_taken_out(string request, string body, string safe) =>
        Assert.Equal(safe, SafeText.Clean(request, body, "sk_1"));

    [Fact]
    public void Long_bodies_are_cut() => Assert.Equal(500, SafeText.Clean("", new string('x', 10_000), "k").Length);
}
