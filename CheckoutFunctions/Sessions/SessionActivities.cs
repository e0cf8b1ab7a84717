using Microsoft.Extensions.DependencyInjection;

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

public static class SessionServices
{
    public static IServiceCollection AddSessions(this IServiceCollection services) => services
        .AddSingleton<SessionSignals>()
        .AddSingleton<CommandKeys>()
        .AddSingleton<ISessionStore, SqlSessionStore>();
}
