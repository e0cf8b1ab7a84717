using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Reconciliation;

/// <summary>One checkout, as its orchestration, its session, the provider and the stock have it.</summary>
/// <param name="Instance">Null: there is no such orchestration (any more).</param>
/// <param name="Payments">Those that the provider listed.</param>
/// <param name="Holds">Stock that it takes now.</param>
/// <param name="Since">When anything of it changed last.</param>
internal sealed record CheckoutCase(
    string Id,
    SessionDocument Session,
    OrchestrationMetadata? Instance,
    IReadOnlyList<ListedPayment> Payments,
    IReadOnlyList<LiveHold> Holds,
    DateTimeOffset Since)
{
    public bool HasEnded => Instance is null or { IsCompleted: true };

    /// <summary>Its orchestration didn't come to its own end.</summary>
    public bool WasCutOff => Instance is not { RuntimeStatus: OrchestrationRuntimeStatus.Completed };

    public string HowItEnded => Instance is null ? "has no orchestration" : $"has an orchestration that is {Instance.RuntimeStatus}";

    public Finding Finding(FindingKind kind, string problem, DateTimeOffset? since = null) => new(kind, problem, since ?? Since)
    {
        CheckoutId = Id,
        OrderId = Session.OrderId,
        Amount = Session.GrandTotal,
        Currency = Session.Currency,
    };

    public Finding Finding(FindingKind kind, string problem, ListedPayment listed) => Finding(kind, problem, listed.CreatedAt) with
    {
        PaymentId = listed.Payment.Id,
        Amount = listed.Payment.Amount,
        Currency = listed.Payment.Currency,
    };
}
