using System.Globalization;
using LocalHost.Functions;
using Microsoft.Extensions.Configuration;
using NCrontab;

namespace LocalHost.TimerTriggers;

/// <summary>When a timer function is due: an NCRONTAB expression, read in UTC as on Azure, or an interval.</summary>
internal sealed class TimerSchedule
{
    private static readonly DateTime Never = DateTime.MaxValue;

    private readonly CrontabSchedule? cron;
    private readonly TimeSpan interval;

    private TimerSchedule(CrontabSchedule? cron, TimeSpan interval = default)
    {
        this.cron = cron;
        this.interval = interval;
    }

    /// <summary>As the binding of a timer to a string shows it.</summary>
    public bool AdjustsForDaylightSaving => cron is not null;

    /// <summary>Reads the schedule of a function's trigger, whose text may stand in a setting: <c>%Sweep:Schedule%</c>.</summary>
    public static TimerSchedule Of(LocalFunction function, IConfiguration settings, DateTime now)
    {
        var written = ((TimerTriggerAttribute)function.TriggerAttribute).Schedule;
        var text = Resolve(function, written, settings);
        var schedule = Parse(text) ?? throw new LocalHostException(
            $"Function {function} can't start: its schedule '{text}' is neither an NCRONTAB expression, such as '0 */5 * * * *', nor a time span, such as '00:05:00'.");
        return schedule.Next(now) < Never
            ? schedule
            : throw new LocalHostException($"Function {function} can't start: its schedule '{text}' never comes.");
    }

    /// <summary>The first time after that one.</summary>
    public DateTime Next(DateTime after) =>
        cron is null ? after + interval : DateTime.SpecifyKind(cron.GetNextOccurrence(after, Never), DateTimeKind.Utc);

    /// <summary>Whether it is due at most once a minute, so that missing it is worth knowing.</summary>
    public bool IsSlow(DateTime now) =>
        cron is null ? interval >= TimeSpan.FromMinutes(1) : cron.GetNextOccurrences(now, now.AddMinutes(1)).Take(2).Count() < 2;

    private static string Resolve(LocalFunction function, string written, IConfiguration settings)
    {
        if (written is not ['%', .. var name, '%'])
            return written;
        return settings[name.Replace("__", ":")] is { Length: > 0 } text
            ? text
            : throw new LocalHostException($"Function {function} can't start: its schedule is '{written}', and there is no setting {name}.");
    }

    private static TimerSchedule? Parse(string text)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        if (CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 }) is { } cron)
            return new TimerSchedule(cron);
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero ? new TimerSchedule(null, interval) : null;
    }
}
