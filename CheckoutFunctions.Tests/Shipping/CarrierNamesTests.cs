using CheckoutFunctions.Shipping;

namespace CheckoutFunctions.Tests.Shipping;

public sealed class CarrierNamesTests
{
    /// <summary>EasyPost's carrier and service, Shippo's carrier and token.</summary>
    [Theory]
    [InlineData("USPS", "GroundAdvantage", "USPS", "usps_ground_advantage", "USPS_GroundAdvantage")]
    [InlineData("USPS", "Priority", "USPS", "usps_priority", "USPS_Priority")]
    [InlineData("USPS", "Express", "USPS", "usps_priority_express", "USPS_Express")]
    [InlineData("USPS", "ParcelSelect", "USPS", "usps_parcel_select", "USPS_ParcelSelect")]
    [InlineData("USPS", "PriorityMailInternational", "USPS", "usps_priority_mail_international", "USPS_PriorityMailInternational")]
    [InlineData("USPS", "ExpressMailInternational", "USPS", "usps_priority_mail_express_international", "USPS_ExpressMailInternational")]
    [InlineData("UPSDAP", "Ground", "UPS", "ups_ground", "UPS_Ground")]
    [InlineData("UPS", "3DaySelect", "UPS", "ups_3_day_select", "UPS_3DaySelect")]
    [InlineData("UPS", "2ndDayAir", "UPS", "ups_second_day_air", "UPS_2ndDayAir")]
    [InlineData("UPS", "2ndDayAirAM", "UPS", "ups_second_day_air_am", "UPS_2ndDayAirAM")]
    [InlineData("UPS", "NextDayAir", "UPS", "ups_next_day_air", "UPS_NextDayAir")]
    [InlineData("UPS", "NextDayAirSaver", "UPS", "ups_next_day_air_saver", "UPS_NextDayAirSaver")]
    [InlineData("UPS", "NextDayAirEarlyAM", "UPS", "ups_next_day_air_early_am", "UPS_NextDayAirEarlyAM")]
    [InlineData("UPS", "Expedited", "UPS", "ups_expedited", "UPS_Expedited")]
    [InlineData("UPS", "UPSSaver", "UPS", "ups_saver", "UPS_UPSSaver")]
    [InlineData("UPS", "UPSStandard", "UPS", "ups_standard", "UPS_UPSStandard")]
    [InlineData("FedEx", "FEDEX_GROUND", "FedEx", "fedex_ground", "FedEx_Ground")]
    [InlineData("FedExDefault", "SMART_POST", "FedEx", "fedex_smart_post", "FedEx_SmartPost")]
    [InlineData("FedEx", "GROUND_HOME_DELIVERY", "FedEx", "fedex_home_delivery", "FedEx_GroundHomeDelivery")]
    [InlineData("FedEx", "FEDEX_EXPRESS_SAVER", "FedEx", "fedex_express_saver", "FedEx_ExpressSaver")]
    [InlineData("FedEx", "FEDEX_2_DAY", "FedEx", "fedex_2_day", "FedEx_2Day")]
    [InlineData("FedEx", "FEDEX_2_DAY_AM", "FedEx", "fedex_2_day_am", "FedEx_2DayAM")]
    [InlineData("FedEx", "STANDARD_OVERNIGHT", "FedEx", "fedex_standard_overnight", "FedEx_StandardOvernight")]
    [InlineData("FedEx", "INTERNATIONAL_PRIORITY", "FedEx", "fedex_international_priority", "FedEx_InternationalPriority")]
    [InlineData("FedEx", "FEDEX_INTERNATIONAL_PRIORITY", "FedEx", "fedex_international_priority", "FedEx_InternationalPriority")]
    [InlineData("DHLExpress", "ExpressWorldwide", "DHL Express", "dhl_express_worldwide", "DHLExpress_ExpressWorldwide")]
    [InlineData("DhlExpressDefault", "ExpressWorldwideNonDoc", "DHL Express", "dhl_express_worldwide_nondoc", "DHLExpress_ExpressWorldwideNonDoc")]
    public void The_same_service_has_one_id_whoever_quotes_it(string carrier, string service, string shippoCarrier, string token, string id)
    {
        Assert.Equal(id, Id(carrier, service));
        Assert.Equal(id, Id(shippoCarrier, token));
    }

    [Theory]
    [InlineData("Canada Post", "canada_post_expedited_parcel", "CanadaPost_ExpeditedParcel")]
    [InlineData("Deutsche Post DHL", "deutsche_post_dhl", "DeutschePostDHL_DeutschePostDhl")]
    [InlineData("UPS", "ups_mail_innovations_domestic", "UPS_MailInnovationsDomestic")]
    [InlineData("UPS", "Next Day Air®", "UPS_NextDayAir")]
    [InlineData("FedEx", "2 Day A.M.", "FedEx_2DayAM")]
    [InlineData("Uber", "uber", "Uber_Uber")]
    public void What_is_not_known_keeps_its_own_name(string carrier, string service, string id) => Assert.Equal(id, Id(carrier, service));

    private static string Id(string carrier, string service) => $"{CarrierNames.Carrier(carrier)}_{CarrierNames.Service(CarrierNames.Carrier(carrier), service)}";
}
