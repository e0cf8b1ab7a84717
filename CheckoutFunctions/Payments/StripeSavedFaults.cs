namespace CheckoutFunctions.Payments;

/// <summary>
/// Stripe saves an answer for a day and repeats it to the same key, even a 500: our retries would hear yesterday's fault for ever.
/// A repeated fault is asked once more under a key of its own. That is safe for calls on a payment that exists, whose state lets each
/// happen only once, and for a refund, which is looked up first; a create keeps its key, since a second one would be a second payment. A repeated decline is an answer and stays.
/// </summary>
internal sealed class StripeSavedFaults : DelegatingHandler
{
    private const string Key = "Idempotency-Key";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var response = await base.SendAsync(request, cancellation);
        if (!IsSavedFault(response, StripeServices.OperationOf(request)))
            return response;

        var original = response.Headers.TryGetValues("Original-Request", out var ids) ? ids.First() : "again";
        response.Dispose();
        var key = request.Headers.GetValues(Key).First();
        request.Headers.Remove(Key);
        request.Headers.Add(Key, $"{key}:{original}");
        return await base.SendAsync(request, cancellation);
    }

    private static bool IsSavedFault(HttpResponseMessage response, string operation)
    {
        var isReplay = response.Headers.TryGetValues("Idempotent-Replayed", out var values) && values.Contains("true");
        return isReplay && operation switch
        {
            Providers.ProviderOperations.Confirm => (int)response.StatusCode >= 500,
            Providers.ProviderOperations.Capture or Providers.ProviderOperations.Cancel or Providers.ProviderOperations.Refund => (int)response.StatusCode >= 400,
            _ => false,
        };
    }
}
