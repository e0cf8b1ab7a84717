using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Payments;

/// <summary>Braintree's GraphQL calls. Its "no" is a <see cref="BraintreeRefusal"/>; whatever else goes wrong is a fault.</summary>
/// <param name="accounts">Which merchant account takes which currency; empty: the default one takes all.</param>
internal sealed class BraintreeClient(ProviderHttp http, IReadOnlyDictionary<string, string> accounts)
{
    private const string Version = "2019-01-01";

    /// <summary>After these nothing has happened. INTERNAL and SERVICE_AVAILABILITY, and what we don't know, may have taken effect.</summary>
    private static readonly string[] Effectless =
        ["AUTHENTICATION", "AUTHORIZATION", "NOT_FOUND", "NOT_IMPLEMENTED", "RESOURCE_LIMIT", "UNSUPPORTED_CLIENT", "VALIDATION"];

    public bool Takes(string currency) => accounts.Count == 0 || accounts.ContainsKey(currency);

    /// <summary>SINGLE_USE or MULTI_USE; null where it isn't a payment method.</summary>
    public async Task<string?> UsageOf(string token, CancellationToken cancellation)
    {
        try
        {
            var data = await Ask(ProviderOperations.Create, BraintreeDocuments.PaymentMethod, new { id = token }, cancellation);
            return data.Node?.Usage;
        }
        catch (BraintreeRefusal no)
        {
            return no.IsNotFound ? null : throw no.ToFault();
        }
    }

    public async Task<BraintreeNode> Authorize(string token, string orderId, Money amount, CancellationToken cancellation)
    {
        var transaction = new { amount = Major(amount), orderId, merchantAccountId = accounts.GetValueOrDefault(amount.Currency) };
        var input = new { paymentMethodId = token, transaction };
        var data = await Ask(ProviderOperations.Confirm, BraintreeDocuments.Authorize, new { input }, cancellation);
        return Whole(ProviderOperations.Confirm, data.AuthorizePaymentMethod?.Transaction);
    }

    public async Task<BraintreeNode> Capture(string transactionId, Money amount, CancellationToken cancellation)
    {
        var input = new { transactionId, transaction = new { amount = Major(amount) } };
        var data = await Ask(ProviderOperations.Capture, BraintreeDocuments.Capture, new { input }, cancellation);
        return Whole(ProviderOperations.Capture, data.CaptureTransaction?.Transaction);
    }

    /// <summary>The transaction, voided; or, once it has begun to settle, a refund of all of it.</summary>
    public async Task<BraintreeNode> Reverse(string transactionId, CancellationToken cancellation)
    {
        var data = await Ask(ProviderOperations.Cancel, BraintreeDocuments.Reverse, new { input = new { transactionId } }, cancellation);
        return Whole(ProviderOperations.Cancel, data.ReverseTransaction?.Reversal);
    }

    public async Task<BraintreeNode> Refund(string transactionId, string orderId, Money amount, CancellationToken cancellation)
    {
        var input = new { transactionId, refund = new { amount = Major(amount), orderId } };
        var data = await Ask(ProviderOperations.Refund, BraintreeDocuments.Refund, new { input }, cancellation);
        return Whole(ProviderOperations.Refund, data.RefundTransaction?.Refund);
    }

    public async Task<BraintreeNode> Transaction(string id, CancellationToken cancellation)
    {
        try
        {
            return Whole(ProviderOperations.Retrieve, (await Ask(ProviderOperations.Retrieve, BraintreeDocuments.Transaction, new { id }, cancellation)).Node);
        }
        catch (BraintreeRefusal no)
        {
            // It was there: the keys are another merchant's, perhaps.
            throw no.ToFault();
        }
    }

    public async Task<IReadOnlyList<BraintreeNode>> Search(string orderId, CancellationToken cancellation)
    {
        try
        {
            var data = await Ask(ProviderOperations.Retrieve, BraintreeDocuments.Search, new { input = new { orderId = new { @is = orderId } } }, cancellation);
            return data.Search?.Transactions is { Edges: { } edges, PageInfo.HasNextPage: false }
                ? [.. edges.Select(edge => Whole(ProviderOperations.Retrieve, edge?.Node))]
                : throw Unreadable(ProviderOperations.Retrieve);
        }
        catch (BraintreeRefusal no)
        {
            throw no.ToFault();
        }
    }

    /// <summary>A page of the transactions that were created since then, newest first.</summary>
    /// <param name="after">The cursor of the page before; null for the first.</param>
    public async Task<(IReadOnlyList<BraintreeNode> Transactions, string? Next)> List(DateTimeOffset since, string? after, CancellationToken cancellation)
    {
        var createdAt = new { greaterThanOrEqualTo = since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture) };
        try
        {
            var data = await Ask(ProviderOperations.Search, BraintreeDocuments.List, new { input = new { createdAt }, after }, cancellation);
            if (data.Search?.Transactions is not { Edges: { } edges, PageInfo: { } page } || (page.HasNextPage && page.EndCursor is not { Length: > 0 }))
                throw Unreadable(ProviderOperations.Search);
            return ([.. edges.Select(edge => Whole(ProviderOperations.Search, edge?.Node))], page.HasNextPage ? page.EndCursor : null);
        }
        catch (BraintreeRefusal no)
        {
            throw no.ToFault();
        }
    }

    /// <summary>4100 USD → 41.00, 4100 JPY → 4100.</summary>
    internal static string Major(Money amount) => Currencies.ToMajor(amount.Amount, amount.Currency)
        .ToString(Currencies.ToMinor(1, amount.Currency) switch { 1 => "F0", 100 => "F2", _ => "F3" }, CultureInfo.InvariantCulture);

    private static BraintreeNode Whole(string operation, BraintreeNode? node) => node is { Id.Length: > 0, Status.Length: > 0 } ? node : throw Unreadable(operation);

    private static ProviderException Unreadable(string operation) => new(BraintreeGateway.ProviderName, operation, "answered something that can't be read.");

    private async Task<BraintreeData> Ask(string operation, string query, object variables, CancellationToken cancellation)
    {
        using var request = http.Request(HttpMethod.Post, "/graphql", new { query, variables }, ProviderJson.CamelCase);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(http.ApiKey)));
        request.Headers.Add("Braintree-Version", Version);
        var response = await http.Send(operation, request, cancellation);
        if (!response.IsSuccess)
            throw response.Unexpected();
        var answer = response.Read<BraintreeAnswer>(ProviderJson.CamelCase);
        return answer.Errors is [var error, ..] ? throw Refusal(operation, answer.Errors, error) : answer.Data ?? throw Unreadable(operation);
    }

    private static Exception Refusal(string operation, IReadOnlyList<BraintreeError> errors, BraintreeError first)
    {
        var errorClass = first.Extensions?.ErrorClass ?? "no error class";
        if (errors.Any(error => error.Path is { Count: > 1 } || !Effectless.Contains(error.Extensions?.ErrorClass)))
            return new ProviderException(BraintreeGateway.ProviderName, operation, $"answered {SafeWord(errorClass)}.");

        var refusal = new BraintreeRefusal(operation, errorClass, SafeCode(first.Extensions!.LegacyCode));
        // Without a path it is the document that is wrong: our mistake, not the buyer's.
        return refusal.IsNo && first.Path is { Count: 1 } ? refusal : refusal.ToFault();
    }

    private static string? SafeCode(string? code) => code is { Length: > 0 and <= 10 } && code.All(char.IsAsciiLetterOrDigit) ? code : null;

    private static string SafeWord(string word) => word.Length <= 40 && word.All(c => char.IsAsciiLetter(c) || c is '_' or ' ') ? word : "an unknown error class";
}
