namespace Simulation;

/// <summary>A clock that stands still until it is told: timers fire inside <see cref="Advance"/>, in order of their due times.</summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly List<ManualTimer> timers = [];
    private readonly Lock gate = new();
    private DateTimeOffset now = start;
    private TimeSpan jumped;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => (now - jumped).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public void Advance(TimeSpan by) => AdvanceTo(now + by);

    /// <summary>Goes to that time; never back.</summary>
    public void AdvanceTo(DateTimeOffset target)
    {
        while (TakeNextDue(target) is { } timer)
            timer.Fire();
        if (target > now)
            now = target;
    }

    /// <summary>Somebody sets the clock, or the machine wakes from sleep: timers, which count the time that passes, don't notice.</summary>
    public void Jump(TimeSpan by)
    {
        lock (gate)
        {
            now += by;
            jumped += by;
            foreach (var timer in timers)
                timer.Due += by;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeNextDue(DateTimeOffset target)
    {
        lock (gate)
        {
            var next = timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > target)
                return null;

            now = next.Due > now ? next.Due : now;
            if (next.Period > TimeSpan.Zero)
                next.Due += next.Period;
            else
                timers.Remove(next);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;

                Due = clock.now + dueTime;
                clock.timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock.gate)
                clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
