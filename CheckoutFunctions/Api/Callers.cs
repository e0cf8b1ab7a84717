using CheckoutFunctions.Domain;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;

namespace CheckoutFunctions.Api;

/// <summary>Who may see a checkout: who holds its client secret. To everybody else it doesn't exist.</summary>
public sealed class Callers(ISessionStore sessions, OrderBook orders)
{
    public async Task<StoredSession> Session(HttpRequest request, string checkoutId, CancellationToken cancellation) =>
        await sessions.Find(checkoutId, cancellation) is { } session && HoldsSecret(request, session.SecretHash)
            ? session
            : throw new ProblemException(Problem.CheckoutNotFound);

    /// <summary>An order, to who holds the secret of the checkout that placed it: the order keeps its hash when the checkout is forgotten.</summary>
    public async Task<StoredOrder> Order(HttpRequest request, string orderId, CancellationToken cancellation) =>
        await orders.Find(orderId, cancellation) is { } order
        && ((await sessions.Find(order.Order.CheckoutId, cancellation))?.SecretHash ?? order.Kept?.SecretHash) is { } hash
        && HoldsSecret(request, hash)
            ? order
            : throw new ProblemException(Problem.CheckoutNotFound);

    private static bool HoldsSecret(HttpRequest request, string secretHash)
    {
        var header = request.Headers.Authorization.ToString();
        const string Bearer = "Bearer ";
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && Secrets.Matches(header[Bearer.Length..].Trim(), secretHash);
    }
}
