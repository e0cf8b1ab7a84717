using System.Text.Json;

namespace CheckoutFunctions.Tests.Sandbox;

public sealed class BraintreeTests : IAsyncLifetime
{
    private const string Authorized = "data.authorizePaymentMethod.transaction";

    private Providers providers = null!;

    public async Task InitializeAsync() => providers = await Providers.Start();

    public async Task DisposeAsync() => await providers.DisposeAsync();

    [Fact]
    public async Task An_answer_holds_what_was_selected_and_nothing_else()
    {
        var answer = await providers.Braintree("mutation A($input: AuthorizePaymentMethodInput!) { authorizePaymentMethod(input: $input) { clientMutationId transaction { ...T } } } fragment T on Transaction { id total: amount { value currencyCode } statusHistory { ... on AuthorizedEvent { processorResponse { legacyCode } } } }", new
        {
            input = new { clientMutationId = "m", paymentMethodId = "fake-valid-nonce", transaction = new { amount = "41.00", orderId = "chk_1.a" } },
        });

        Assert.Equal("m", answer.Text("data.authorizePaymentMethod.clientMutationId"));
        Assert.Equal(["id", "statusHistory", "total"], answer.At(Authorized).EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal("""{"value":"41.00","currencyCode":"USD"}""", answer.At($"{Authorized}.total").GetRawText());
        Assert.Equal("1000", answer.At($"{Authorized}.statusHistory")[0].GetProperty("processorResponse").GetProperty("legacyCode").GetString());
        Assert.True(answer.Has("extensions.requestId"));
        var paid = await providers.Payment(answer.Text($"{Authorized}.id"));
        Assert.Equal(("chk_1", 4100, "authorized"), (paid.GetProperty("reference").GetString(), paid.GetProperty("amount").GetInt64(), paid.GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData("{ nothing }")]
    [InlineData("mutation { ping }")]
    [InlineData("{ ping ping }")]
    [InlineData("query ($id: ID!) { node(id: $id) { id } }")]
    [InlineData("query { node(id: \"x\") }")]
    [InlineData("query { node { id } }")]
    [InlineData("query { node(id: $id) { id } }")]
    [InlineData("query { node(id: \"fake-valid-nonce\") { ...Missing } }")]
    [InlineData("query { node(id: \"fake-valid-nonce\") { id colour } }")]
    [InlineData("query { node(id: \"fake-valid-nonce\") { id { more } } }")]
    [InlineData("query { node(id: \"fake-valid-nonce\", colour: 1) { id } }")]
    [InlineData("query { search { transactions(input: { colour: \"red\" }) { edges { node { id } } } } }")]
    [InlineData("query { search { transactions { edges { node { id } } } } }")]
    [InlineData("query {")]
    [InlineData("query { ping } ?")]
    [InlineData("subscription { ping }")]
    [InlineData("mutation ($input: RefundTransactionInput!) { authorizePaymentMethod(input: $input) { clientMutationId } }")]
    public async Task A_document_that_is_wrong_is_refused_without_data(string query)
    {
        var answer = await providers.Braintree(query);

        Assert.Equal((200, "VALIDATION"), (answer.Status, answer.At("errors")[0].GetProperty("extensions").GetProperty("errorClass").GetString()));
        Assert.False(answer.Has("data"));
    }

    [Theory]
    [InlineData("""{ "paymentMethodId": "fake-valid-nonce" }""")]
    [InlineData("""{ "transaction": { "amount": "1.00" } }""")]
    [InlineData("""{ "paymentMethodId": "fake-valid-nonce", "transaction": { } }""")]
    [InlineData("""{ "paymentMethodId": "fake-valid-nonce", "transaction": { "amount": true } }""")]
    [InlineData("""{ "paymentMethodId": "fake-valid-nonce", "transaction": { "amount": "1.00", "orderid": "a" } }""")]
    [InlineData("""{ "paymentMethodId": "fake-valid-nonce", "transaction": { "amount": "1.00", "orderId": 1 } }""")]
    [InlineData("""{ "paymentMethodId": { }, "transaction": { "amount": "1.00" } }""")]
    public async Task An_input_that_does_not_fit_its_type_is_refused_and_moves_nothing(string input)
    {
        var answer = await providers.Braintree(BraintreeCalls.Authorize, new { input = JsonSerializer.Deserialize<JsonElement>(input) });

        Assert.Equal("VALIDATION", answer.At("errors")[0].GetProperty("extensions").GetProperty("errorClass").GetString());
        Assert.Empty((await providers.Ledger()).GetProperty("payments").EnumerateArray());
    }

    [Theory]
    [InlineData("fake-valid-nonce", "0.00", "81531")]
    [InlineData("fake-valid-nonce", "-1.00", "81503")]
    [InlineData("fake-valid-nonce", "1.005", "81503")]
    [InlineData("fake-valid-nonce", "1,00", "81503")]
    [InlineData("fake-valid-nonce", "9999999999.00", "81528")]
    [InlineData("pm_card_visa", "1.00", "91565")]
    [InlineData("fake-consumed-nonce", "1.00", "91564")]
    [InlineData("fake-luhn-invalid-nonce", "1.00", "81715")]
    public async Task What_Braintree_validates_is_refused_with_its_code_and_the_inputs_path(string token, string amount, string code)
    {
        var answer = await Authorize(token, amount);

        var error = answer.At("errors")[0];
        Assert.Equal((200, code), (answer.Status, error.GetProperty("extensions").GetProperty("legacyCode").GetString()));
        Assert.Equal("authorizePaymentMethod", error.GetProperty("path")[0].GetString());
        Assert.Equal("input", error.GetProperty("extensions").GetProperty("inputPath")[0].GetString());
        Assert.Equal(JsonValueKind.Null, answer.At("data.authorizePaymentMethod").ValueKind);
    }

    [Theory]
    [InlineData("fake-processor-declined-visa-nonce", "1.00", "PROCESSOR_DECLINED")]
    [InlineData("fake-valid-nonce", "2001.00", "PROCESSOR_DECLINED")]
    [InlineData("tokencc_sandbox_2004_a", "1.00", "PROCESSOR_DECLINED")]
    [InlineData("fake-processor-failure-jcb-nonce", "1.00", "FAILED")]
    [InlineData("fake-valid-nonce", "3000.50", "FAILED")]
    [InlineData("fake-gateway-rejected-fraud-nonce", "1.00", "GATEWAY_REJECTED")]
    [InlineData("tokencc_sandbox_3ds_a", "1.00", "GATEWAY_REJECTED")]
    [InlineData("fake-valid-mastercard-nonce", "3001.00", "AUTHORIZED")]
    public async Task A_decline_is_a_transaction_and_no_error(string token, string amount, string status)
    {
        var answer = await Authorize(token, amount);

        Assert.False(answer.Has("errors"));
        Assert.Equal(status, answer.Text($"{Authorized}.status"));
        Assert.Equal(status, answer.At($"{Authorized}.statusHistory")[0].GetProperty("status").GetString());
        var state = (await providers.Payment(answer.Text($"{Authorized}.id"))).GetProperty("state").GetString();
        Assert.Equal(status == "AUTHORIZED" ? "authorized" : "declined", state);
    }

    [Fact]
    public async Task A_single_use_payment_method_authorizes_once_and_is_gone()
    {
        await providers.BraintreeAuthorized("tokencc_sandbox_valid_a");

        Assert.Equal("91564", (await Authorize("tokencc_sandbox_valid_a", "1.00")).At("errors")[0].GetProperty("extensions").GetProperty("legacyCode").GetString());
        var looked = await providers.Braintree("{ node(id: \"tokencc_sandbox_valid_a\") { id } }");
        Assert.Equal("NOT_FOUND", looked.At("errors")[0].GetProperty("extensions").GetProperty("errorClass").GetString());
    }

    [Fact]
    public async Task The_same_order_card_and_amount_within_half_a_minute_is_a_duplicate()
    {
        var first = await providers.BraintreeAuthorized(orderId: "chk_1.a");

        var second = await Authorize("fake-valid-nonce", "41.00", "chk_1.a");

        Assert.Equal("GATEWAY_REJECTED", second.Text($"{Authorized}.status"));
        var rejection = second.At($"{Authorized}.statusHistory")[0];
        Assert.Equal(("DUPLICATE", first), (rejection.GetProperty("gatewayRejectionReason").GetString(), rejection.GetProperty("duplicateOf").GetProperty("id").GetString()));
        await providers.BraintreeAuthorized(orderId: "chk_1.b");
        await providers.BraintreeAuthorized("fake-valid-visa-nonce", "chk_1.a");
        await providers.BraintreeAuthorized(orderId: "chk_1.a", amount: "41.01");
    }

    [Fact]
    public async Task Captured_money_settles_and_parts_of_it_are_refunded_up_to_all_of_it()
    {
        var id = await providers.BraintreeAuthorized(orderId: "chk_1.a");
        Assert.Equal("SUBMITTED_FOR_SETTLEMENT", (await Capture(id)).Text("data.captureTransaction.transaction.status"));
        Assert.Equal("91507", CodeOf(await Capture(id)));

        var part = await Refund(id, "10.00");
        Assert.Equal(("10.00", "ref_1"), (part.Text("data.refundTransaction.refund.amount.value"), part.Text("data.refundTransaction.refund.orderId")));
        Assert.Equal("91521", CodeOf(await Refund(id, "31.01")));
        await Refund(id, "31.00");
        Assert.Equal("91512", CodeOf(await Refund(id, "0.01")));

        var paid = await providers.Payment(id);
        Assert.Equal(("refunded", 4100, 4100), (paid.GetProperty("state").GetString(), paid.GetProperty("captured").GetInt64(), paid.GetProperty("refunded").GetInt64()));
    }

    [Fact]
    public async Task While_settlement_is_held_a_capture_can_be_voided_and_not_refunded()
    {
        Assert.Equal(200, (await Settle("held")).Status);
        Assert.Equal(400, (await Settle("never")).Status);
        var (voided, settled) = (await providers.BraintreeAuthorized(orderId: "chk_1.a"), await providers.BraintreeAuthorized(orderId: "chk_1.b"));
        await Capture(voided);
        await Capture(settled);

        Assert.Equal("91506", CodeOf(await Refund(voided, "1.00")));
        Assert.Equal("VOIDED", (await Reverse(voided)).Text("data.reverseTransaction.reversal.status"));
        Assert.Equal("voided", (await providers.Payment(voided)).GetProperty("state").GetString());
        Assert.Equal("91504", CodeOf(await Reverse(voided)));

        await Settle("at_once");
        Assert.Equal("Refund", (await Reverse(settled)).Text("data.reverseTransaction.reversal.__typename"));
        Assert.Equal("refunded", (await providers.Payment(settled)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_transaction_is_found_by_its_order_and_no_other_is()
    {
        var id = await providers.BraintreeAuthorized(orderId: "chk_1.a");
        await providers.BraintreeAuthorized(orderId: "chk_1.b");

        var found = await providers.Braintree(BraintreeCalls.Search, new { input = new { orderId = new { @is = "chk_1.a" } } });

        Assert.Equal(id, Assert.Single(found.At("data.search.transactions.edges").EnumerateArray()).GetProperty("node").GetProperty("id").GetString());
        Assert.False(found.At("data.search.transactions.pageInfo.hasNextPage").GetBoolean());
        var none = await providers.Braintree(BraintreeCalls.Search, new { input = new { orderId = new { @is = "chk_1" } } });
        Assert.Empty(none.At("data.search.transactions.edges").EnumerateArray());
    }

    [Theory]
    [InlineData(null, "2019-01-01", "AUTHENTICATION")]
    [InlineData("public:private", null, "UNSUPPORTED_CLIENT")]
    [InlineData("public:private", "yesterday", "UNSUPPORTED_CLIENT")]
    public async Task Keys_and_a_version_are_needed(string? keys, string? version, string errorClass)
    {
        var answer = await providers.Braintree("{ ping }", null, version, keys);

        Assert.Equal((200, errorClass), (answer.Status, answer.At("errors")[0].GetProperty("extensions").GetProperty("errorClass").GetString()));
        Assert.Equal("pong", (await providers.Braintree("{ ping }")).Text("data.ping"));
    }

    [Fact]
    public async Task Transactions_outlive_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-");
        try
        {
            await using var before = await Providers.Start(folder.FullName);
            var id = await before.BraintreeAuthorized("tokencc_sandbox_valid_a", "chk_1.a");
            await before.DisposeAsync();

            await using var after = await Providers.Start(folder.FullName);
            Assert.Equal("AUTHORIZED", (await after.Braintree($"{{ node(id: \"{id}\") {{ ... on Transaction {{ status }} }} }}")).Text("data.node.status"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [RecordedFact]
    public async Task Answers_have_the_recorded_fields_and_types()
    {
        var recording = Recordings.Read("braintree", "gql_derived_authorize_ok");
        var request = recording.GetProperty("request").GetProperty("json");
        var answer = await providers.Braintree(request.GetProperty("query").GetString()!, request.GetProperty("variables"));

        AssertSameShape(recording.GetProperty("response").GetProperty("json"), answer.Json, "");
    }

    [RecordedFact]
    public async Task The_documents_that_others_wrote_are_taken()
    {
        var documents = Recordings.Read("braintree", "gql_documents").GetProperty("documents");
        var id = await providers.BraintreeAuthorized(orderId: "chk_1.a");

        Assert.Equal(id, (await providers.Braintree(documents.GetProperty("node").GetString()!, new { id })).Text("data.node.id"));
        var found = await providers.Braintree(documents.GetProperty("find").GetString()!, new { input = new { orderId = new { @is = "chk_1.a" } } });
        Assert.Equal(id, found.At("data.search.transactions.edges")[0].GetProperty("node").GetProperty("id").GetString());
        Assert.Equal("VOIDED", (await providers.Braintree(documents.GetProperty("reverse").GetString()!, new { input = new { transactionId = id } })).Text("data.reverseTransaction.reversal.status"));
    }

    private static string? CodeOf(Reply answer) => answer.At("errors")[0].GetProperty("extensions").GetProperty("legacyCode").GetString();

    // Nulls stand for whatever the account didn't have.
    private static void AssertSameShape(JsonElement recorded, JsonElement answered, string path)
    {
        if (recorded.ValueKind == JsonValueKind.Object)
        {
            Assert.Equal(
                (path, string.Join(',', recorded.EnumerateObject().Select(field => field.Name).Order())),
                (path, string.Join(',', answered.EnumerateObject().Select(field => field.Name).Order())));
            foreach (var field in recorded.EnumerateObject())
                AssertSameShape(field.Value, answered.GetProperty(field.Name), $"{path}.{field.Name}");
        }
        else if (recorded.ValueKind == JsonValueKind.Array)
        {
            AssertSameShape(recorded[0], answered[0], $"{path}[0]");
        }
        else if (recorded.ValueKind != JsonValueKind.Null && answered.ValueKind != JsonValueKind.Null)
        {
            Assert.Equal((path, recorded.ValueKind), (path, answered.ValueKind));
        }
    }

    private Task<Reply> Authorize(string token, string amount, string? orderId = null) =>
        providers.Braintree(BraintreeCalls.Authorize, new { input = new { paymentMethodId = token, transaction = new { amount, orderId } } });

    private Task<Reply> Capture(string transactionId) => providers.Braintree(BraintreeCalls.Capture, new { input = new { transactionId } });

    private Task<Reply> Reverse(string transactionId) => providers.Braintree(BraintreeCalls.Reverse, new { input = new { transactionId } });

    private Task<Reply> Refund(string transactionId, string amount) =>
        providers.Braintree(BraintreeCalls.Refund, new { input = new { transactionId, refund = new { amount, orderId = "ref_1" } } });

    private Task<Reply> Settle(string mode) => providers.Json(HttpMethod.Post, "/_sandbox/settlement", null, new { mode });
}
