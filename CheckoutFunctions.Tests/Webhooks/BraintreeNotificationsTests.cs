using CheckoutFunctions.Webhooks;

namespace CheckoutFunctions.Tests.Webhooks;

public sealed class BraintreeNotificationsTests
{
    private const string OurPayment = "chk_1.0123456789abcdef0123";

    [Theory]
    [InlineData("transaction_settled")]
    [InlineData("transaction_settlement_declined")]
    [InlineData("transaction_disbursed")]
    public void A_transaction_that_changed_is_told_to_its_checkout(string kind)
    {
        var read = Read(BraintreeForm.Notification(kind, BraintreeForm.Transaction(OurPayment)));

        Assert.Equal(new("Braintree", $"{kind}:abc123:2026-01-01T00:00:00Z", kind, OurPayment, "chk_1"), read);
        Assert.False(read!.ConcernsRefund);
    }

    [Theory]
    [InlineData("chk_1:2:void:refund:4100")]
    [InlineData("chk_1:chk_1.0123456789abcdef0123:reconciliation:void:refund:4100:1")]
    [InlineData(OurPayment)]
    public void A_compensations_refund_that_failed_is_told_to_its_checkout(string orderId)
    {
        var refund = BraintreeForm.Transaction(orderId, "ref123", "<refunded-transaction-id>abc123</refunded-transaction-id>");

        var read = Read(BraintreeForm.Notification("refund_failed", refund));

        Assert.Equal(new("Braintree", "refund_failed:ref123:2026-01-01T00:00:00Z", "refund_failed", "abc123", "chk_1"), read);
        Assert.True(read!.ConcernsRefund);
    }

    [Theory]
    [InlineData("refund_failed", "<transaction><id>a</id><order-id>ref_1:1:refund</order-id></transaction>")]
    [InlineData("transaction_settled", "<transaction><id>a</id><order-id>somebody else's</order-id></transaction>")]
    [InlineData("transaction_settled", "<transaction><id>a</id><order-id nil=\"true\"/></transaction>")]
    [InlineData("transaction_settled", "<transaction><order-id>chk_1.0123456789abcdef0123</order-id></transaction>")]
    [InlineData("subscription_charged_successfully", "<transaction><id>a</id><order-id>chk_1.0123456789abcdef0123</order-id></transaction>")]
    [InlineData("check", "<check type=\"boolean\">true</check>")]
    [InlineData("of_a_later_version", "")]
    public void What_concerns_no_checkout_is_passed_over(string kind, string subject) => Assert.Null(Read(BraintreeForm.Notification(kind, subject)));

    [Fact]
    public void The_same_notification_sent_again_is_the_same_event_and_another_times_is_another()
    {
        string IdAt(string time) => Read(BraintreeForm.Notification("transaction_settled", BraintreeForm.Transaction(OurPayment), time))!.EventId;

        Assert.Equal(IdAt("2026-01-01T00:00:00Z"), IdAt("2026-01-01T00:00:00Z"));
        Assert.NotEqual(IdAt("2026-01-01T00:00:00Z"), IdAt("2026-01-01T00:00:01Z"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("notification")]
    [InlineData("<notification>")]
    [InlineData("<other/>")]
    [InlineData("<notification/>")]
    [InlineData("<notification><kind>check</kind></notification>")]
    [InlineData("<notification><timestamp>2026-01-01T00:00:00Z</timestamp></notification>")]
    public void What_is_no_notification_is_refused(string xml) => Assert.Throws<FormatException>(() => Read(xml));

    [Theory]
    [InlineData("""<!DOCTYPE notification [ <!ENTITY file SYSTEM "file:///etc/hostname"> ]>""", "&file;")]
    [InlineData("""<!DOCTYPE notification [ <!ENTITY a "aaaaaaaaaa"> <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"> ]>""", "&b;")]
    [InlineData("""<!DOCTYPE notification SYSTEM "http://127.0.0.1:1/evil.dtd">""", "check")]
    public void A_document_type_is_refused_whatever_it_declares(string documentType, string kind)
    {
        var xml = $"{documentType}<notification><timestamp>2026-01-01T00:00:00Z</timestamp><kind>{kind}</kind></notification>";

        Assert.Throws<FormatException>(() => Read(xml));
    }

    [Fact]
    public void What_is_no_base64_is_refused() => Assert.Throws<FormatException>(() => BraintreeNotifications.Read("<notification/>"));

    [RecordedFact]
    public void The_recorded_notification_is_somebody_elses_and_can_be_read()
    {
        var payload = Recordings.Read("braintree", "webhook_signature_known_answers").GetProperty("vectors")[0].GetProperty("bt_payload").GetString()!;

        Assert.Null(BraintreeNotifications.Read(payload));
        var ours = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(payload)).Replace("ord_1001", OurPayment, StringComparison.Ordinal);
        Assert.Equal(new("Braintree", "transaction_settled:abc123kat:2026-01-01T00:00:00Z", "transaction_settled", OurPayment, "chk_1"), Read(ours));
    }

    private static PaymentEvent? Read(string xml) => BraintreeNotifications.Read(BraintreeForm.Payload(xml));
}
