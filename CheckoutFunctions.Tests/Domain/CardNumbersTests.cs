using CheckoutFunctions.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace CheckoutFunctions.Tests.Domain;

/// <summary>The numbers are the ones that payment providers publish for tests.</summary>
public sealed class CardNumbersTests
{
    [Theory]
    [InlineData("4242424242424242")]
    [InlineData("4242 4242 4242 4242")]
    [InlineData("4242-4242-4242-4242")]
    [InlineData("5555555555554444")]
    [InlineData("2223003122003222")]
    [InlineData("378282246310005")]
    [InlineData("3782 822463 10005")]
    [InlineData("6011111111111117")]
    [InlineData("30569309025904")]
    [InlineData("""{"payment_token":"4242424242424242"}""")]
    [InlineData("""{"card":{"number":4242424242424242,"cvc":123}}""")]
    [InlineData("my card is 4242 4242 4242 4242, thanks")]
    public void A_card_number_is_found(string text) => Assert.True(CardNumbers.AppearIn(text));

    [Theory]
    [InlineData("4242 4242 4242 4242 123")]
    [InlineData("4242424242424242 12/30")]
    [InlineData("4242424242424242-12-30")]
    [InlineData("2 4242424242424242")]
    [InlineData("no 5 4242 4242 4242 4242 90210")]
    public void Digits_beside_it_do_not_hide_it(string text) => Assert.True(CardNumbers.AppearIn(text));

    [Theory]
    [InlineData("4242424242424241")]
    [InlineData("424242424242")]
    [InlineData("42424242424242424242")]
    [InlineData("1234567890123452")]
    [InlineData("pm_card_visa")]
    [InlineData("pm_4242424242424242")]
    [InlineData("tok_1N4242424242424242")]
    [InlineData("chk_42424242424242424242424242424242")]
    [InlineData("pi_3N4242424242424242abcdef")]
    [InlineData("4242424242424242abc")]
    [InlineData("0.4242424242424242")]
    [InlineData("""{"quantity":2,"unit_price":1250,"zip":"90210","phone":"+1 310 555 0100"}""")]
    public void What_only_resembles_one_is_let_pass(string text) => Assert.False(CardNumbers.AppearIn(text));

    [Fact]
    public void Any_number_that_passes_the_check_is_found_however_it_is_grouped() => Prop.ForAll(
        Numbers.ToArbitrary(), number => CardNumbers.AppearIn(number)).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_number_with_one_wrong_digit_is_let_pass() => Prop.ForAll(
        Numbers.Where(number => !number.Contains(' ') && !number.Contains('-')).ToArbitrary(),
        number => !CardNumbers.AppearIn(number[..^1] + (char)('0' + ((number[^1] - '0' + 1) % 10)))).QuickCheckThrowOnFailure();

    /// <summary>13 to 19 digits with a right check digit, whole or with spaces or dashes after some of them.</summary>
    private static Gen<string> Numbers =>
        from length in Gen.Choose(12, 18)
        from first in Gen.Choose(2, 6)
        from rest in Gen.Choose(0, 9).ArrayOf(length - 1)
        from separator in Gen.Elements("", "", " ", "-")
        from every in Gen.Choose(1, 6)
        select Grouped(WithCheckDigit([first, .. rest]), separator, every);

    private static string WithCheckDigit(int[] digits)
    {
        var sum = digits.Reverse().Select((digit, index) => index % 2 == 0 ? digit * 2 / 10 + digit * 2 % 10 : digit).Sum();
        return string.Concat(digits) + (10 - (sum % 10)) % 10;
    }

    private static string Grouped(string digits, string separator, int every) => string.Join(separator, digits.Chunk(every).Select(group => new string(group)));
}
