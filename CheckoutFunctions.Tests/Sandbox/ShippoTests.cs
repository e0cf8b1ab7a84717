using System.Text.Json;

namespace CheckoutFunctions.Tests.Sandbox;

public sealed class ShippoTests : IAsyncLifetime
{
    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start();

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [Fact]
    public async Task The_same_carriers_as_at_EasyPost_ask_other_prices_under_other_names()
    {
        var shipment = await Shipment();
        Assert.Equal((201, "SUCCESS"), (shipment.Status, shipment.Text("status")));
        Assert.Matches("^[0-9a-f]{32}$", shipment.Text("object_id"));
        var ground = Rate(shipment, "fedex_ground");
        Assert.Equal(("FedEx", "10.20", "USD", 3), (ground.GetProperty("provider").GetString(), ground.GetProperty("amount").GetString(), ground.GetProperty("currency_local").GetString(), ground.GetProperty("estimated_days").GetInt32()));
        Assert.Equal("9.73", Rate(shipment, "usps_ground_advantage").GetProperty("amount").GetString());
        Assert.Equal("DHLExpress", shipment.At("messages")[0].GetProperty("source").GetString());
        Assert.Equal(["CHEAPEST"], Attributes(Rate(shipment, "usps_ground_advantage")));
    }

    [Fact]
    public async Task Abroad_there_is_DHL_Express_and_where_nobody_goes_there_are_reasons()
    {
        Assert.Equal("DHL Express", Rate(await Shipment(to: new() { ["country"] = "DE" }), "dhl_express_worldwide").GetProperty("provider").GetString());
        var nowhere = await Shipment(to: new() { ["country"] = "AQ" });
        Assert.Equal((201, 0), (nowhere.Status, nowhere.At("rates").GetArrayLength()));
        Assert.Contains(nowhere.At("messages").EnumerateArray(), message => message.GetProperty("source").GetString() == "FedEx");
    }

    [Fact]
    public async Task Weights_of_all_units_and_parcels_add_up()
    {
        string Cost(Reply reply) => Rate(reply, "fedex_2_day").GetProperty("amount").GetString()!;
        var kilograms = Cost(await Shipment(parcel: new() { ["weight"] = "5", ["mass_unit"] = "kg" }));
        Assert.Equal(kilograms, Cost(await Shipment(parcel: new() { ["weight"] = "5000", ["mass_unit"] = "g" })));
        Assert.Equal(kilograms, Cost(await Shipment(parcel: new() { ["weight"] = "176.37", ["mass_unit"] = "oz" })));
        Assert.Equal(kilograms, Cost(await Shipment(parcel: new() { ["weight"] = "2.5", ["mass_unit"] = "kg" }, parcels: 2)));
        Assert.NotEqual(kilograms, Cost(await Shipment(parcel: new() { ["weight"] = "5", ["mass_unit"] = "lb" })));
    }

    [Theory]
    [InlineData("shipments")]
    [InlineData("shipments/")]
    public async Task A_shipment_that_nobody_waits_for_is_rated_when_it_is_looked_at(string path)
    {
        var body = Body();
        body["async"] = true;
        var queued = await providers.Shippo(HttpMethod.Post, path, body);
        Assert.Equal((201, "QUEUED", 0), (queued.Status, queued.Text("status"), queued.At("rates").GetArrayLength()));
        var id = queued.Text("object_id");
        var rated = await providers.Shippo(HttpMethod.Get, $"shipments/{id}/");
        Assert.Equal((200, "SUCCESS", 8), (rated.Status, rated.Text("status"), rated.At("rates").GetArrayLength()));
        var list = await providers.Shippo(HttpMethod.Get, $"shipments/{id}/rates/");
        Assert.True(JsonElement.DeepEquals(rated.At("rates"), list.At("results")));
        Assert.Equal((8, JsonValueKind.Null), (list.Number("count"), list.At("next").ValueKind));
    }

    [Fact]
    public async Task Shipments_are_remembered_over_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-").FullName;
        try
        {
            string id;
            await using (var before = await Providers.Start(folder))
                id = (await before.Shippo(HttpMethod.Post, "shipments", Body())).Text("object_id");
            await using var after = await Providers.Start(folder);
            Assert.Equal(id, (await after.Shippo(HttpMethod.Get, $"shipments/{id}")).Text("object_id"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("address_to", null, "address_to")]
    [InlineData("address_to", "\"d799c2679e644279b59fe661ac8fa489\"", "address_to")]
    [InlineData("address_to", "7", "address_to")]
    [InlineData("address_from", null, "address_from")]
    [InlineData("parcels", null, "parcels")]
    [InlineData("parcels", "[]", "parcels")]
    [InlineData("parcels", "{}", "parcels")]
    [InlineData("async", "\"no\"", "async")]
    [InlineData("async", "null", "async")]
    [InlineData("extra", "[]", "extra")]
    [InlineData("metadata", "1", "metadata")]
    [InlineData("carrier_accounts", "[1]", "carrier_accounts")]
    public async Task A_field_that_is_missing_or_of_another_type_is_named_with_its_messages(string field, string? value, string named)
    {
        var body = Body();
        body.Remove(field);
        if (value is not null)
            body[field] = JsonElement.Parse(value);
        var refused = await providers.Shippo(HttpMethod.Post, "shipments/", body);
        Assert.Equal(400, refused.Status);
        Assert.Equal(named, Assert.Single(refused.Json.EnumerateObject()).Name);
        Assert.Equal(JsonValueKind.String, refused.At(named)[0].ValueKind);
    }

    [Theory]
    [InlineData("country", null)]
    [InlineData("country", "\"ZZ\"")]
    [InlineData("country", "\"USA\"")]
    [InlineData("country", "1")]
    [InlineData("street1", "12")]
    [InlineData("street2", "null")]
    [InlineData("is_residential", "\"yes\"")]
    public async Task So_is_one_of_an_address(string field, string? value)
    {
        var refused = await Shipment(to: new() { [field] = value is null ? null : JsonElement.Parse(value) });
        Assert.Equal((400, JsonValueKind.String), (refused.Status, refused.At($"address_to.{field}")[0].ValueKind));
        Assert.Single(refused.At("address_to").EnumerateObject());
    }

    [Theory]
    [InlineData("length", null)]
    [InlineData("weight", null)]
    [InlineData("mass_unit", null)]
    [InlineData("distance_unit", null)]
    [InlineData("weight", "450")]
    [InlineData("height", "\"-1\"")]
    [InlineData("height", "\"tall\"")]
    [InlineData("mass_unit", "\"stone\"")]
    [InlineData("mass_unit", "\"\"")]
    [InlineData("distance_unit", "\"furlong\"")]
    public async Task And_one_of_a_parcel(string field, string? value)
    {
        var refused = await Shipment(parcel: new() { [field] = value is null ? null : JsonElement.Parse(value) });
        Assert.Equal((400, field), (refused.Status, Assert.Single(refused.At("parcels")[0].EnumerateObject()).Name));
    }

    [Fact]
    public async Task A_carriers_own_box_needs_no_size() => Assert.Equal(201, (await Shipment(
        parcel: new() { ["length"] = null, ["width"] = null, ["height"] = null, ["distance_unit"] = null, ["template"] = "USPS_MediumFlatRateBox1" })).Status);

    [Fact]
    public async Task Without_a_token_nothing_is_answered_and_what_is_not_there_is_a_page()
    {
        var refused = await providers.Json(HttpMethod.Post, "/shippo/shipments/", new("Bearer", "shippo_test_1"), Body());
        Assert.Equal(401, refused.Status);
        Assert.True(refused.Has("detail"));
        foreach (var path in new[] { "shipments/nope/", "shipments/nope/rates/", "addresses/nope" })
        {
            var missing = await providers.Shippo(HttpMethod.Get, path);
            Assert.Equal(404, missing.Status);
            Assert.StartsWith("<h1>Not Found</h1>", missing.Body, StringComparison.Ordinal);
        }

        Assert.Equal(400, (await providers.Shippo(HttpMethod.Post, "shipments", "[]")).Status);
    }

    [Fact]
    public async Task Its_faults_are_worded_as_its_own()
    {
        await providers.Fault(new { provider = "shippo", operation = "rates", kind = "http_429" });
        var late = await Shipment();
        Assert.Equal((429, "1"), (late.Status, late.Headers["Retry-After"]));
        Assert.True(late.Has("detail"));
        await providers.Fault(new { provider = "shippo", operation = "rates", kind = "http_500" });
        Assert.True((await Shipment()) is { Status: 500 } broken && broken.Has("detail"));
        Assert.Equal(201, (await Shipment()).Status);
        Assert.Equal(3, (await providers.Ledger()).GetProperty("calls").GetProperty("shippo.rates").GetInt64());
    }

    [RecordedFact]
    public async Task Its_shipment_has_the_recorded_fields()
    {
        var expected = Recordings.Read("shippo", "shipment_create_2022_carrier_message").GetProperty("response").GetProperty("json");
        var answer = (await Shipment()).Json;
        Assert.Equal(Names(expected), Names(answer));
        foreach (var list in new[] { "rates", "messages", "parcels" })
            Assert.Equal(Names(expected.GetProperty(list)[0]), Names(answer.GetProperty(list)[0]));
        Assert.Equal(Names(expected.GetProperty("address_to")), Names(answer.GetProperty("address_to")));
        Assert.Equal(Names(expected.GetProperty("rates")[0].GetProperty("servicelevel")), Names(answer.GetProperty("rates")[0].GetProperty("servicelevel")));
        var page = Recordings.Read("shippo", "shipment_rates_list").GetProperty("response").GetProperty("json");
        Assert.Equal(Names(page), Names((await providers.Shippo(HttpMethod.Get, $"shipments/{answer.GetProperty("object_id").GetString()}/rates/")).Json));
    }

    private static Dictionary<string, object?> Body(Dictionary<string, object?>? to = null, Dictionary<string, object?>? parcel = null, int parcels = 1) => new()
    {
        ["address_from"] = new { street1 = "388 Townsend St", city = "San Francisco", state = "CA", zip = "94107", country = "US" },
        ["address_to"] = With(new() { ["street1"] = "1 Main St", ["city"] = "Beverly Hills", ["state"] = "CA", ["zip"] = "90210", ["country"] = "US" }, to),
        ["parcels"] = Enumerable.Repeat(With(
            new() { ["length"] = "16.0", ["width"] = "12.2", ["height"] = "9.2", ["distance_unit"] = "cm", ["weight"] = "450", ["mass_unit"] = "g" }, parcel), parcels),
        ["async"] = false,
    };

    /// <summary>With these instead; what is null goes.</summary>
    private static Dictionary<string, object?> With(Dictionary<string, object?> fields, Dictionary<string, object?>? instead)
    {
        foreach (var (name, value) in instead ?? [])
        {
            fields.Remove(name);
            if (value is not null)
                fields[name] = value;
        }

        return fields;
    }

    private static string[] Names(JsonElement json) => [.. json.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)];

    private static IEnumerable<string?> Attributes(JsonElement rate) => rate.GetProperty("attributes").EnumerateArray().Select(attribute => attribute.GetString());

    private static JsonElement Rate(Reply reply, string token) =>
        reply.At("rates").EnumerateArray().Single(rate => rate.GetProperty("servicelevel").GetProperty("token").GetString() == token);

    private Task<Reply> Shipment(Dictionary<string, object?>? to = null, Dictionary<string, object?>? parcel = null, int parcels = 1) =>
        providers.Shippo(HttpMethod.Post, "shipments/", Body(to, parcel, parcels));
}
