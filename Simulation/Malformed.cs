using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;

namespace Simulation;

/// <summary>Answers as a provider or a proxy before it damages them: not to be read at all or, where money hangs on what they say, readable and wrong.</summary>
internal static class Malformed
{
    public static object? Damage(string activity, object? answer, Random random) => random.Next(3) == 0 ? throw Unreadable(activity) : answer switch
    {
        Payment payment => Damage(payment, random),
        PaymentRefund refund => random.Next(2) == 0 ? refund with { Amount = refund.Amount / 10 } : refund with { Currency = "XXX" },
        _ => throw Unreadable(activity),
    };

    private static ProviderException Unreadable(string activity) => new("simulated", activity, "the answer can't be read.");

    /// <summary>A payment that isn't the one asked for, or that asks the buyer for it doesn't say what.</summary>
    private static Payment Damage(Payment payment, Random random) => random.Next(4) switch
    {
        0 => payment with { Amount = payment.Amount / 10, Captured = payment.Captured / 10 },
        1 => payment with { Currency = "XXX" },
        2 => payment with { Reference = "chk_another" },
        _ => payment with { Action = null, Reference = null },
    };
}
