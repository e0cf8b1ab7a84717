using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;

namespace CheckoutFunctions.Api;

/// <summary>Who may see a checkout: who holds its client secret. To everybody else it doesn't exist.</summary>
public sealed class Callers(ISessionStore sessions)
{
    public async Task<StoredSession> Session(HttpRequest request, string checkoutId, CancellationToken cancellation) =>
        await sessions.Find(checkoutId, cancellation) is { } session && HoldsSecret(request, session)
            ? session
            : throw new ProblemException(Problem.CheckoutNotFound);

    public static bool HoldsSecret(HttpRequest request, StoredSession session)
    {
        var header = request.Headers.Authorization.ToString();
        const string Bearer = "Bearer ";
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && Secrets.Matches(header[Bearer.Length..].Trim(), session.SecretHash);
    }
}
