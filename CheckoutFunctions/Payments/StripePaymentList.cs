using System.Runtime.CompilerServices;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Payments;

/// <summary>Stripe's list of payments, page by page. The search knows states too, but lags behind what was just done.</summary>
internal static class StripePaymentList
{
    private const int PageSize = 100;

    public static async IAsyncEnumerable<ListedPayment> Of(
        StripeSdk.PaymentIntentService intents, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var options = new StripeSdk.PaymentIntentListOptions
        {
            Created = new StripeSdk.DateRangeOptions { GreaterThanOrEqual = since.UtcDateTime },
            Limit = PageSize,
            Expand = ["data.latest_charge"],
        };
        while (true)
        {
            var page = await Page(intents, options, cancellation);
            // What has no reference isn't a checkout's, and may be in states that we don't know.
            foreach (var intent in page.Data.Where(intent => intent.Metadata?.ContainsKey(StripeAnswers.CheckoutId) == true))
                yield return new(intent.ToPayment(ProviderOperations.Search), new(DateTime.SpecifyKind(intent.Created, DateTimeKind.Utc)));
            if (!page.HasMore || page.Data.Count == 0)
                yield break;
            options.StartingAfter = page.Data[^1].Id;
        }
    }

    private static async Task<StripeSdk.StripeList<StripeSdk.PaymentIntent>> Page(
        StripeSdk.PaymentIntentService intents, StripeSdk.PaymentIntentListOptions options, CancellationToken cancellation)
    {
        try
        {
            var page = await StripeAnswers.Of(ProviderOperations.Search, () => intents.ListAsync(options, null, cancellation), cancellation);
            return page.Data is not null ? page : throw new ProviderException(StripeGateway.ProviderName, ProviderOperations.Search, "answered a list that can't be read.");
        }
        catch (StripeSdk.StripeException no)
        {
            throw no.ToFault(ProviderOperations.Search);
        }
    }
}
