namespace LocalHost.Engine.Replay;

/// <summary>
/// Events raised for an instance and the waits for them, by case-insensitive name. Unread events are kept first-in first-out;
/// several waits on one name are served last-in first-out, so that an abandoned wait doesn't swallow an event.
/// </summary>
internal sealed class ExternalEvents
{
    private readonly List<EventRaised> unread = [];
    private readonly List<Waiter> waiters = [];

    public IReadOnlyList<EventRaised> Unread => unread;

    public bool AnyWaits => waiters.Count > 0;

    public void Deliver(EventRaised raised)
    {
        var index = waiters.FindLastIndex(waiter => waiter.IsFor(raised.Name));
        if (index < 0)
        {
            unread.Add(raised);
            return;
        }

        var waiter = waiters[index];
        waiters.RemoveAt(index);
        waiter.Take(raised);
    }

    /// <summary>Gives the oldest unread event of that name to <paramref name="take"/>, or the next one that arrives.</summary>
    public Waiter? Wait(string name, Action<EventRaised> take)
    {
        var waiter = new Waiter(name, take);
        var index = unread.FindIndex(raised => waiter.IsFor(raised.Name));
        if (index < 0)
        {
            waiters.Add(waiter);
            return waiter;
        }

        var raised = unread[index];
        unread.RemoveAt(index);
        take(raised);
        return null;
    }

    public bool Abandon(Waiter waiter) => waiters.Remove(waiter);

    internal sealed class Waiter(string name, Action<EventRaised> take)
    {
        public bool IsFor(string eventName) => string.Equals(name, eventName, StringComparison.OrdinalIgnoreCase);

        public void Take(EventRaised raised) => take(raised);
    }
}
