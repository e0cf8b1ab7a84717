namespace CheckoutFunctions.Sessions;

public sealed class SessionActivities(ISessionStore sessions, SessionSignals signals)
{
    [Function(nameof(SaveSession))]
    public async Task SaveSession([ActivityTrigger] SaveSession request, CancellationToken cancellation)
    {
        await sessions.Save(request, cancellation);
        signals.Changed(request.Session.CheckoutId);
    }
}
