using System.Net.Http.Json;
using System.Text;

namespace CheckoutFunctions.Tests.Sandbox;

/// <summary>The calls that a shop makes on the sandbox's Braintree.</summary>
internal static class BraintreeCalls
{
    public const string Authorize =
        "mutation ($input: AuthorizePaymentMethodInput!) { authorizePaymentMethod(input: $input) { clientMutationId transaction { id status orderId amount { value currencyCode } statusHistory { __typename status terminal ... on ProcessorDeclinedEvent { declineType processorResponse { legacyCode message } } ... on GatewayRejectedEvent { gatewayRejectionReason duplicateOf { id } } } } } }";

    public const string Capture = "mutation ($input: CaptureTransactionInput!) { captureTransaction(input: $input) { transaction { id status amount { value } } } }";

    public const string Reverse =
        "mutation ($input: ReverseTransactionInput!) { reverseTransaction(input: $input) { reversal { __typename ... on Transaction { id status } ... on Refund { id status amount { value } orderId } } } }";

    public const string Refund = "mutation ($input: RefundTransactionInput!) { refundTransaction(input: $input) { refund { id status orderId amount { value currencyCode } refundedTransaction { id } } } }";

    public const string Search = "query ($input: TransactionSearchInput!) { search { transactions(input: $input) { edges { node { id status orderId } } pageInfo { hasNextPage } } } }";

    public static Task<Reply> Braintree(this Providers providers, string query, object? variables = null, string? version = "2019-01-01", string? keys = "public:private")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/braintree/graphql") { Content = JsonContent.Create(new { query, variables }) };
        if (keys is not null)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(keys)));
        if (version is not null)
            request.Headers.Add("Braintree-Version", version);
        return providers.Send(request);
    }

    public static async Task<string> BraintreeAuthorized(this Providers providers, string token = "fake-valid-nonce", string? orderId = null, string amount = "41.00")
    {
        var answer = await providers.Braintree(Authorize, new { input = new { paymentMethodId = token, transaction = new { amount, orderId } } });
        Assert.Equal("AUTHORIZED", answer.Text("data.authorizePaymentMethod.transaction.status"));
        return answer.Text("data.authorizePaymentMethod.transaction.id");
    }
}
