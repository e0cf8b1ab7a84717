using System.Text.Json;

namespace CheckoutFunctions.Tests.Sandbox;

public sealed class EasyPostTests : IAsyncLifetime
{
    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start();

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [Theory]
    [InlineData("90210")]
    [InlineData("10118")]
    public async Task A_light_parcel_goes_by_FedEx_Ground_for_ten_dollars_in_three_days(string zip)
    {
        var shipment = await Shipment(zip: zip, ounces: 70.6);
        Assert.Equal(201, shipment.Status);
        Assert.StartsWith("shp_", shipment.Text("id"));
        var ground = Rate(shipment, "FedEx", "FEDEX_GROUND");
        Assert.Equal(("10.00", "USD", 3), (ground.GetProperty("rate").GetString(), ground.GetProperty("currency").GetString(), ground.GetProperty("delivery_days").GetInt32()));
        Assert.Equal(["FedEx", "UPS", "USPS"], Carriers(shipment));
        Assert.Equal("rate_error", shipment.At("messages")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task The_same_parcel_costs_the_same_and_a_heavier_one_more()
    {
        string Cost(Reply reply) => Rate(reply, "FedEx", "FEDEX_2_DAY").GetProperty("rate").GetString()!;
        var light = await Shipment(ounces: 20);
        Assert.Equal(Cost(light), Cost(await Shipment(ounces: 20)));
        Assert.NotEqual(Cost(light), Cost(await Shipment(ounces: 200)));
        Assert.NotEqual(Cost(light), Cost(await Shipment(zip: "10118", ounces: 20)));
    }

    [Fact]
    public async Task The_bare_quote_makes_no_shipment()
    {
        var quote = await providers.EasyPost("beta/rates", Body());
        Assert.Equal(200, quote.Status);
        Assert.Equal("10.00", Rate(quote, "FedEx", "FEDEX_GROUND").GetProperty("rate").GetString());
        Assert.False(quote.Has("id"));
    }

    [Fact]
    public async Task Where_no_carrier_goes_there_are_no_rates_but_reasons()
    {
        var shipment = await Shipment(country: "AQ");
        Assert.Equal((201, 0), (shipment.Status, shipment.At("rates").GetArrayLength()));
        Assert.Contains(shipment.At("messages").EnumerateArray(), message => message.GetProperty("carrier").GetString() == "FedEx");
    }

    [Fact]
    public async Task A_carrier_that_cannot_take_the_parcel_says_so_beside_the_others_rates()
    {
        var heavy = await Shipment(ounces: 1200);
        Assert.Equal(["FedEx", "UPS"], Carriers(heavy));
        Assert.Contains(heavy.At("messages").EnumerateArray(), message => message.GetProperty("carrier").GetString() == "USPS");
        Assert.Equal(["USPS"], Carriers(await Shipment(street: "PO Box 12")));
    }

    [Fact]
    public async Task Abroad_other_services_are_offered() =>
        Assert.Equal("3", Rate(await Shipment(country: "DE", zip: "10115"), "FedEx", "FEDEX_INTERNATIONAL_PRIORITY").GetProperty("delivery_days").ToString());

    [Theory]
    [InlineData("""{ "shipment": {} }""", "PARAMETER.REQUIRED", "shipment")]
    [InlineData("""{ "shipment": { "from_address": {} } }""", "PARAMETER.REQUIRED", "to_address")]
    [InlineData("""{ "shipment": { "to_address": { "country": "US", "street1": "1 Main St" }, "from_address": { "country": "US", "street1": "1 Main St" } } }""", "PARAMETER.REQUIRED", "parcel")]
    [InlineData("""{ "shipment": { "to_address": { "country": "US", "street1": "1 Main St" }, "from_address": { "country": "US", "street1": "1 Main St" }, "parcel": { "weight": -1 } } }""", "UNPROCESSABLE_ENTITY", "parcel.weight")]
    [InlineData("""{ "shipment": { "to_address": { "country": "US", "zip": 90210 }, "from_address": { "country": "US", "street1": "1 Main St" }, "parcel": { "weight": 1 } } }""", "UNPROCESSABLE_ENTITY", "to_address.zip")]
    [InlineData("""{ "shipment": { "to_address": { "country": "US" }, "from_address": { "country": "US", "street1": "1 Main St" }, "parcel": { "weight": 1, "length": 0 } } }""", "UNPROCESSABLE_ENTITY", "parcel.length")]
    public async Task What_is_missing_is_named(string body, string code, string field)
    {
        var refused = await providers.EasyPost("v2/shipments", body);
        Assert.Equal((422, code), (refused.Status, refused.Text("error.code")));
        Assert.Equal(field, refused.At("error.errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task What_is_not_sent_as_JSON_is_no_parameter()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/easypost/beta/rates") { Content = new StringContent(JsonSerializer.Serialize(Body())) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String("EZTK_test:"u8));
        var refused = await providers.Send(request);
        Assert.Equal((422, "PARAMETER.REQUIRED"), (refused.Status, refused.Text("error.code")));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_answered() =>
        Assert.Equal(401, (await providers.Json(HttpMethod.Post, "/easypost/v2/shipments", null, Body())).Status);

    private Task<Reply> Shipment(string country = "US", string zip = "90210", string street = "1 Main St", double ounces = 15) =>
        providers.EasyPost("v2/shipments", Body(country, zip, street, ounces));

    private static object Body(string country = "US", string zip = "90210", string street = "1 Main St", double ounces = 15) => new
    {
        shipment = new
        {
            from_address = new { street1 = "388 Townsend St", city = "San Francisco", state = "CA", zip = "94107", country = "US" },
            to_address = new { street1 = street, zip, country },
            parcel = new { weight = ounces },
        },
    };

    private static string[] Carriers(Reply reply) =>
        [.. reply.At("rates").EnumerateArray().Select(rate => rate.GetProperty("carrier").GetString()!).Distinct().Order()];

    private static JsonElement Rate(Reply reply, string carrier, string service) => reply.At("rates").EnumerateArray()
        .Single(rate => rate.GetProperty("carrier").GetString() == carrier && rate.GetProperty("service").GetString() == service);
}
