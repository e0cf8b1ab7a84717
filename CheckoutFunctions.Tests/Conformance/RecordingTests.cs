using CheckoutFunctions.Tests.Rules;

namespace CheckoutFunctions.Tests.Conformance;

/// <summary>No recording is passed over in silence: each is read by a test, or stands here with the reason why no call of ours is answered so.</summary>
public sealed class RecordingTests
{
    private static readonly Dictionary<string, string[]> NeverMet = new(StringComparer.Ordinal)
    {
        // Addresses are verified by Google; the connection is tried by the first quote.
        ["avalara"] = ["address_resolve_ok", "address_resolve_street_not_found", "ping_ok", "ping_unauthenticated"],
        // The older XML API, whose answers GraphQL doesn't give.
        ["braintree"] =
        [
            "gql_doc_ping", "xml_authorize_ok", "xml_capture_ok", "xml_customer_create", "xml_refund_ok", "xml_sale_declined_2000", "xml_sale_ok", "xml_vault_card_ok", "xml_void_ok",
        ],
        // Rates are asked for without a shipment; labels are bought and tracked by the shop's own warehouse.
        ["easypost"] =
        [
            "address_create", "address_create_verify_carrier", "address_create_verify_failed", "address_create_verify_strict_ok", "rate_retrieve", "shipment_buy", "shipment_create_2026",
            "shipment_create_24_rates", "shipment_create_rates_and_messages", "shipment_label", "shipment_refund_submitted", "shipment_rerate", "shipment_retrieve", "smartrate_estimates",
            "tracker_create", "webhook_create", "webhook_signature_known_answers",
        ],
        ["google-address-validation"] = [],
        // Shipping/ShippoRatesTests has its own list.
        ["shippo"] = [],
        // No customer, saved method or setup of one is made here, no charge is attached; the official subset is of objects beside payments.
        ["stripe"] =
        [
            "customer_create", "customer_create_clover", "error_card_declined_attach_402", "official_fixtures3_subset", "payment_method_attach", "setup_intent_create",
        ],
        // Tax is calculated for an address, not looked up in tables; customers and addresses are kept elsewhere. The sdk_ bodies are those of the recorded calls.
        ["taxjar"] =
        [
            "categories_first25", "nexus_regions", "sdk_addresses", "sdk_addresses_multiple", "sdk_customer", "sdk_order", "sdk_rates", "sdk_rates_ca", "sdk_rates_eu", "sdk_refund",
            "sdk_validation",
        ],
    };

    [RecordedFact]
    public void Each_recording_is_read_by_a_test_or_never_met()
    {
        var tests = string.Concat(SourceFile.Under("CheckoutFunctions.Tests").Where(source => !source.Path.EndsWith("/RecordingTests.cs", StringComparison.Ordinal)).Select(source => source.Text));
        foreach (var (provider, neverMet) in NeverMet)
        {
            var recorded = Directory.GetFiles(Path.Combine(Recordings.Folder!, provider, "fixtures"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).ToList();
            Assert.NotEmpty(recorded);
            Assert.Empty(recorded.Where(name => !tests.Contains(name, StringComparison.Ordinal)).Except(neverMet).Select(name => $"{provider}/{name} is read by no test"));
            Assert.Empty(neverMet.Except(recorded));
        }
    }
}
