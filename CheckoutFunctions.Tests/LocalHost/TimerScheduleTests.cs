using CheckoutFunctions.Tests.Fidelity;
using LocalHost;
using LocalHost.Functions;
using LocalHost.TimerTriggers;
using Microsoft.Extensions.Configuration;

namespace CheckoutFunctions.Tests.LocalHost;

public class TimerScheduleTests
{
    private static readonly DateTime Noon = new(2026, 3, 31, 12, 0, 7, DateTimeKind.Utc);

    [Theory]
    [Behaviour("14.1")]
    [InlineData("0 */5 * * * *", "12:05:00 12:10:00")]
    [InlineData("*/20 * * * * *", "12:00:20 12:00:40")]
    [InlineData("*/5 * * * *", "12:05:00 12:10:00")]
    [InlineData("00:00:07", "12:00:14 12:00:21")]
    [InlineData("0 0 18 31 MAR TUE", "18:00:00 18:00:00")]
    public void A_schedule_has_six_fields_with_seconds_or_five_or_is_a_time_span_counted_from_the_start(string text, string expected)
    {
        var schedule = Of(text);

        var first = schedule.Next(Noon);

        Assert.Equal(expected, $"{first:HH:mm:ss} {schedule.Next(first):HH:mm:ss}");
        Assert.Equal(DateTimeKind.Utc, first.Kind);
    }

    [Theory]
    [InlineData("0 */5 * * * *", true)]
    [InlineData("0 * * * * *", true)]
    [InlineData("* * * * *", true)]
    [InlineData("00:01:00", true)]
    [InlineData("*/30 * * * * *", false)]
    [InlineData("00:00:59", false)]
    public void A_schedule_of_a_minute_or_longer_is_slow(string text, bool expected) => Assert.Equal(expected, Of(text).IsSlow(Noon));

    [Theory]
    [InlineData("%Sweep:Schedule%")]
    [InlineData("%Sweep__Schedule%")]
    public void A_schedule_may_stand_in_a_setting(string text) => Assert.Equal(Noon.AddMinutes(2), Of(text, ("Sweep:Schedule", "00:02:00")).Next(Noon));

    [Theory]
    [InlineData("every day", "neither an NCRONTAB expression")]
    [InlineData("61 * * * * *", "neither an NCRONTAB expression")]
    [InlineData("", "neither an NCRONTAB expression")]
    [InlineData("00:00:00", "neither an NCRONTAB expression")]
    [InlineData("-00:00:05", "neither an NCRONTAB expression")]
    [InlineData("0 0 0 31 2 *", "never comes")]
    [InlineData("%Sweep:Schedule%", "there is no setting Sweep:Schedule")]
    public void A_schedule_that_cannot_be_read_is_refused_in_a_sentence_that_names_the_function(string text, string reason)
    {
        var refusal = Assert.Throws<LocalHostException>(() => Of(text));

        Assert.StartsWith("Function 'Sweep' (", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(text, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    private static TimerSchedule Of(string text, params (string Key, string? Value)[] settings)
    {
        var method = typeof(Sweeping).GetMethod(nameof(Sweeping.Sweep))!;
        var function = new LocalFunction("Sweep", method, FunctionKind.Timer, method.GetParameters()[0], new TimerTriggerAttribute(text));
        var values = settings.ToDictionary(setting => setting.Key, setting => setting.Value);
        return TimerSchedule.Of(function, new ConfigurationBuilder().AddInMemoryCollection(values).Build(), Noon);
    }

    public static class Sweeping
    {
        public static void Sweep(TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);
    }
}
