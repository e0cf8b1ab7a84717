namespace LocalHost.TimerTriggers;

/// <summary>Where a timer function stands. Times are UTC; <paramref name="Last"/> is the default where it never ran.</summary>
internal sealed record TimerStatus(DateTime Last, DateTime Next, DateTime LastUpdated)
{
    public static TimerStatus New(TimerSchedule schedule, DateTime now) => new(default, schedule.Next(now), now);

    /// <summary>After a run: ticks that passed meanwhile become one, since the next is counted from the run's start.</summary>
    public static TimerStatus After(DateTime started, TimerSchedule schedule) => new(started, schedule.Next(started), started);

    // Clocks are put right by seconds all the time: for that no tick comes twice.
    private static readonly TimeSpan NoticeableJump = TimeSpan.FromMinutes(1);

    /// <summary>The clock that it was noted by has been set back since: what it says about the future holds no longer.</summary>
    public bool IsFromTheFuture(DateTime now) => LastUpdated - now > NoticeableJump;

    /// <summary>What a start makes of what an earlier one left: a schedule that was changed meanwhile has missed nothing.</summary>
    public TimerStatus Under(TimerSchedule schedule, DateTime now)
    {
        if (IsFromTheFuture(now))
            return New(schedule, now);

        var counted = Last > default(DateTime) ? Last : LastUpdated;
        var expected = schedule.Next(counted);
        if (expected == Next)
            return this;
        return expected < now ? New(schedule, now) : new(default, expected, counted);
    }
}
