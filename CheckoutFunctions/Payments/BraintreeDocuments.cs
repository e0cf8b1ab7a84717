namespace CheckoutFunctions.Payments;

/// <summary>The GraphQL that we send: as little as the answers need.</summary>
internal static class BraintreeDocuments
{
    private const string Event = """

        fragment Event on PaymentStatusEvent {
          __typename status amount { value currencyCode }
          ... on ProcessorDeclinedEvent { declineType processorResponse { legacyCode } }
          ... on FailedEvent { processorResponse { legacyCode } }
          ... on SettlementDeclinedEvent { processorResponse { legacyCode } }
          ... on GatewayRejectedEvent { gatewayRejectionReason duplicateOf { id orderId } }
        }
        """;

    private const string Refunded = """

        fragment Refunded on Refund { __typename id orderId status amount { value currencyCode } statusHistory { ...Event } }
        """ + Event;

    private const string Paid = """

        fragment Paid on Transaction { __typename id orderId status amount { value currencyCode } statusHistory { ...Event } refunds { ...Refunded } }
        """ + Refunded;

    public const string PaymentMethod = "query PaymentMethod($id: ID!) { node(id: $id) { __typename ... on PaymentMethod { id usage } } }";

    public const string Authorize =
        "mutation Authorize($input: AuthorizePaymentMethodInput!) { authorizePaymentMethod(input: $input) { transaction { ...Paid } } }" + Paid;

    public const string Capture = "mutation Capture($input: CaptureTransactionInput!) { captureTransaction(input: $input) { transaction { ...Paid } } }" + Paid;

    public const string Reverse =
        "mutation Reverse($input: ReverseTransactionInput!) { reverseTransaction(input: $input) { reversal { __typename ... on Transaction { ...Paid } ... on Refund { ...Refunded } } } }" + Paid;

    public const string Refund = "mutation Refund($input: RefundTransactionInput!) { refundTransaction(input: $input) { refund { ...Refunded } } }" + Refunded;

    public const string Transaction = "query Transaction($id: ID!) { node(id: $id) { __typename ... on Transaction { ...Paid } } }" + Paid;

    public const string List =
        "query List($input: TransactionSearchInput!, $after: String) { search { transactions(input: $input, first: 50, after: $after) { edges { node { createdAt ...Paid } } pageInfo { hasNextPage endCursor } } } }" + Paid;

    public const string Search =
        "query Search($input: TransactionSearchInput!) { search { transactions(input: $input, first: 50) { edges { node { ...Paid } } pageInfo { hasNextPage } } } }" + Paid;
}
