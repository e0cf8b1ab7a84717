using CheckoutFunctions.Reminders;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Tests.Reminders;

public sealed class ReminderOptionTests
{
    [Theory]
    [InlineData(null, "https://tea.example/c/{id}", true)]
    [InlineData("00:30:00", "http://localhost:3000/?checkout={id}", true)]
    [InlineData("0", "https://tea.example/c/{id}", false)]
    [InlineData("00:00:00", "https://tea.example/c/{id}", false)]
    [InlineData(null, null, false)]
    [InlineData(null, "", false)]
    public void Reminders_are_on_where_there_is_a_page_and_a_time(string? after, string? url, bool isOn) => Assert.Equal(isOn, Read(after, url).IsOn);

    [Fact]
    public void An_hour_is_meant_unless_another_time_is_set()
    {
        Assert.Equal(TimeSpan.FromHours(1), Read(null, "https://tea.example/{id}").After);
        Assert.Equal(TimeSpan.FromMinutes(90), Read("01:30:00", "https://tea.example/{id}").After);
    }

    [Theory]
    [InlineData("1 hour", "https://tea.example/{id}", "Reminders__After")]
    [InlineData("24:00:00", "https://tea.example/{id}", "Reminders__After")]
    [InlineData(null, "https://tea.example/checkout", "Shop__CheckoutUrl")]
    [InlineData(null, "/checkout/{id}", "Shop__CheckoutUrl")]
    [InlineData(null, "javascript:{id}", "Shop__CheckoutUrl")]
    public void What_makes_no_sense_is_refused_at_the_start(string? after, string url, string setting) =>
        Assert.StartsWith($"The setting {setting} must be ", Assert.Throws<InvalidOperationException>(() => Read(after, url)).Message, StringComparison.Ordinal);

    private static ReminderOptions Read(string? after, string? url) => ReminderOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new("Reminders:After", after), new("Shop:CheckoutUrl", url)]).Build());
}
