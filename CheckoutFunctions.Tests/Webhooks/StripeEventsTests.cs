using System.Text.Json;
using CheckoutFunctions.Webhooks;

namespace CheckoutFunctions.Tests.Webhooks;

public sealed class StripeEventsTests
{
    [Theory]
    [InlineData("refund.failed")]
    [InlineData("refund.updated")]
    [InlineData("charge.refund.updated")]
    public void A_compensations_refund_that_failed_is_told_to_its_checkout(string type)
    {
        var read = StripeEvents.Read(Refund(type, "failed", "chk_1:2:void:refund:4100"));

        Assert.Equal(new("Stripe", "evt_1", type, "pi_1", "chk_1"), read);
        Assert.True(read!.ConcernsRefund);
    }

    [Theory]
    [InlineData("refund.failed", "failed", "ref_1:1:refund")]
    [InlineData("refund.failed", "failed", null)]
    [InlineData("refund.updated", "succeeded", "chk_1:2:void:refund:4100")]
    [InlineData("refund.created", "failed", "chk_1:2:void:refund:4100")]
    public void Other_refunds_are_passed_over(string type, string status, string? key) => Assert.Null(StripeEvents.Read(Refund(type, status, key)));

    /// <summary>They are recorded as the <c>data</c> of an event.</summary>
    [RecordedFact]
    public void Recorded_events_of_charges_and_cards_are_acknowledged_and_signal_nothing()
    {
        foreach (var (fixture, type) in new[] { ("event_charge_refunded", "charge.refunded"), ("event_charge_succeeded", "charge.succeeded"), ("event_payment_method_attached", "payment_method.attached") })
            Assert.Null(StripeEvents.Read(JsonSerializer.SerializeToElement(new { id = "evt_1", type, data = Recordings.Read("stripe", fixture).GetProperty("data") })));
    }

    private static JsonElement Refund(string type, string status, string? key) => JsonSerializer.SerializeToElement(new
    {
        id = "evt_1",
        type,
        data = new { @object = new { id = "re_1", status, payment_intent = "pi_1", metadata = key is null ? [] : new Dictionary<string, string> { ["key"] = key } } },
    });
}
