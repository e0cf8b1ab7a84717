using CheckoutFunctions.Checkout;
using CheckoutFunctions.Payments;

namespace Simulation;

/// <summary>What the payment provider tells of its payments: mostly soon, sometimes days late, twice, out of order, or never.</summary>
/// <param name="random">Its own, so that the rest of a world is as it would be without it.</param>
internal sealed class Webhooks(Random random, ManualTimeProvider clock)
{
    private readonly PriorityQueue<Payment, DateTimeOffset> onTheWay = new();
    private int sent;

    public DateTimeOffset? Next => onTheWay.TryPeek(out _, out var at) ? at : null;

    public void Changed(Payment payment)
    {
        for (var copies = random.Next(8) switch { 0 => 0, 1 or 2 => 2, _ => 1 }; copies > 0; copies--)
            onTheWay.Enqueue(payment, clock.GetUtcNow().AddSeconds(random.Next(8) == 0 ? random.Next(200_000) : random.Next(90)));
    }

    /// <summary>Those that arrive now, each with the checkout that it is for.</summary>
    public IEnumerable<(string CheckoutId, CheckoutCommand Signal)> Arrivals()
    {
        while (onTheWay.TryPeek(out var payment, out var at) && at <= clock.GetUtcNow())
        {
            onTheWay.Dequeue();
            var id = $"evt_{++sent}";
            yield return (payment.Reference ?? "", new(CommandKind.PaymentChanged, id, id, "") { PaymentId = payment.Id });
        }
    }
}
