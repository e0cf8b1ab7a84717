#nullable disable

using System.Net;

namespace Stripe;

public abstract class Service(IStripeClient client)
{
    private protected Task<T> Post<T>(string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken)
        where T : IStripeEntity => client.RequestAsync<T>(HttpMethod.Post, path, options, requestOptions, cancellationToken);

    private protected Task<T> Get<T>(string path, BaseOptions options, RequestOptions requestOptions, CancellationToken cancellationToken)
        where T : IStripeEntity => client.RequestAsync<T>(HttpMethod.Get, path, options, requestOptions, cancellationToken);
}

public class PaymentIntentService(IStripeClient client) : Service(client)
{
    public virtual Task<PaymentIntent> CreateAsync(
        PaymentIntentCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        Post<PaymentIntent>("/v1/payment_intents", options, requestOptions, cancellationToken);

    public virtual Task<PaymentIntent> GetAsync(
        string id, PaymentIntentGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        Get<PaymentIntent>(Path(id), options, requestOptions, cancellationToken);

    public virtual Task<PaymentIntent> ConfirmAsync(
        string id, PaymentIntentConfirmOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        Post<PaymentIntent>($"{Path(id)}/confirm", options, requestOptions, cancellationToken);

    public virtual Task<PaymentIntent> CaptureAsync(
        string id, PaymentIntentCaptureOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        Post<PaymentIntent>($"{Path(id)}/capture", options, requestOptions, cancellationToken);

    public virtual Task<PaymentIntent> CancelAsync(
        string id, PaymentIntentCancelOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        Post<PaymentIntent>($"{Path(id)}/cancel", options, requestOptions, cancellationToken);

    public virtual Task<StripeList<PaymentIntent>> ListAsync(
        PaymentIntentListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        Get<StripeList<PaymentIntent>>("/v1/payment_intents", options, requestOptions, cancellationToken);

    private static string Path(string id) => $"/v1/payment_intents/{WebUtility.UrlEncode(id)}";
}

public class RefundService(IStripeClient client) : Service(client)
{
    public virtual Task<Refund> CreateAsync(
        RefundCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        Post<Refund>("/v1/refunds", options, requestOptions, cancellationToken);

    public virtual Task<StripeList<Refund>> ListAsync(
        RefundListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        Get<StripeList<Refund>>("/v1/refunds", options, requestOptions, cancellationToken);
}
