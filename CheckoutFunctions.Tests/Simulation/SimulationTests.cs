using System.Collections.Concurrent;
using System.Globalization;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Sessions;
using Simulation;
using Xunit.Abstractions;

namespace CheckoutFunctions.Tests.Simulation;

/// <summary>Thousands of worlds, each from one seed. CHECKOUT_SEED=n runs that one alone; CHECKOUT_SEEDS=n says how many.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 2000;

    [Fact]
    public async Task No_world_loses_money_stock_or_a_cart_and_every_outcome_is_reached()
    {
        if (Number("CHECKOUT_SEED") is { } seed)
        {
            using var world = await World.Run(seed);
            return;
        }

        var outcomes = new ConcurrentDictionary<string, int>();
        var faults = new ConcurrentDictionary<(string Activity, FaultKind Kind), int>();
        await Parallel.ForEachAsync(Enumerable.Range(1, Number("CHECKOUT_SEEDS") ?? Seeds), async (number, _) =>
        {
            try
            {
                using var world = await World.Run(number);
                await world.CollectOutcomes();
                foreach (var outcome in world.Outcomes)
                    outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);
                foreach (var (fault, count) in world.Faults.Reached)
                    faults.AddOrUpdate(fault, count, (_, sum) => sum + count);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"Seed {number} failed; alone: CHECKOUT_SEED={number} dotnet test --filter FullyQualifiedName~Simulation. {e.Message}", e);
            }
        });

        foreach (var (outcome, count) in outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            output.WriteLine($"{outcome,-24} {count,6} worlds");
        foreach (var (fault, count) in faults.OrderBy(pair => pair.Key.Activity, StringComparer.Ordinal).ThenBy(pair => pair.Key.Kind))
            output.WriteLine($"{fault.Activity,-24} {fault.Kind,-8} {count,8}");

        Assert.Empty(Expected.Except(outcomes.Keys));
        Assert.Empty(SimulatedFunctions.ActivityNames.SelectMany(name => Enum.GetValues<FaultKind>().Select(kind => (name, kind))).Except(faults.Keys));
    }

    /// <summary>Outcomes that a change must not make unreachable without anybody noticing.</summary>
    private static readonly string[] Expected =
    [
        nameof(CheckoutStatus.Completed), nameof(CheckoutStatus.Cancelled), nameof(CheckoutStatus.Expired), nameof(CheckoutStatus.NeedsAttention),
        nameof(CheckoutStatus.ActionRequired),
        nameof(AnswerCode.Ok), nameof(AnswerCode.CardDeclined), nameof(AnswerCode.OutOfStock), nameof(AnswerCode.TotalsChanged),
        nameof(AnswerCode.PaymentUnavailable), nameof(AnswerCode.StoreUnavailable), nameof(AnswerCode.InvalidPaymentToken),
        nameof(AnswerCode.AddressUndeliverable), nameof(AnswerCode.ShippingUnavailable), nameof(AnswerCode.TaxUnavailable),
        nameof(AnswerCode.DiscountNotApplicable), nameof(AnswerCode.StepNotReady), nameof(AnswerCode.RateExpired),
        "CompensatedOrder", "CompensatedByRefund", "Crashed", "PaymentMismatch", "Signalled",
        "Refund:refunded", "Refund:failed", "RefundFailedLate", "RefundNeedsAttention", "Order:PartiallyRefunded", "Order:Refunded",
        "RefundAccepted", "RefundExceedsOrder", "RefundExceedsSold", "RefundOrderCancelled", "RefundNotPaid",
    ];

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
