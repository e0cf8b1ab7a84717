using System.Text.Json;

namespace LocalHost.TimerTriggers;

/// <summary>What a timer function is called with, as the Functions host writes it: a string parameter shows it, a <c>TimerInfo</c> is read from it.</summary>
internal static class TimerJson
{
    public static string Write(TimerSchedule schedule, TimerStatus? status, bool isPastDue) => JsonSerializer.Serialize(new
    {
        Schedule = new { AdjustForDST = schedule.AdjustsForDaylightSaving },
        ScheduleStatus = status is null ? null : new { Last = Utc(status.Last), Next = Utc(status.Next), LastUpdated = Utc(status.LastUpdated) },
        IsPastDue = isPastDue,
    });

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
