namespace CheckoutFunctions.Payments;

/// <summary>The payment steps of the saga. Each is a gateway call; its retries are the orchestration's.</summary>
public sealed class PaymentActivities(IPaymentGateway gateway)
{
    [Function(nameof(CreatePayment))]
    public Task<CreatedPayment> CreatePayment([ActivityTrigger] CreatePayment request, CancellationToken cancellation) => gateway.Create(request, cancellation);

    [Function(nameof(AuthorizePayment))]
    public Task<Payment> AuthorizePayment([ActivityTrigger] AuthorizePayment request, CancellationToken cancellation) => gateway.Authorize(request, cancellation);

    [Function(nameof(RetrievePayment))]
    public Task<Payment> RetrievePayment([ActivityTrigger] RetrievePayment request, CancellationToken cancellation) => gateway.Retrieve(request.PaymentId, cancellation);

    [Function(nameof(CapturePayment))]
    public Task<Payment> CapturePayment([ActivityTrigger] CapturePayment request, CancellationToken cancellation) => gateway.Capture(request, cancellation);

    [Function(nameof(VoidPayment))]
    public Task<Payment> VoidPayment([ActivityTrigger] VoidPayment request, CancellationToken cancellation) => gateway.Void(request, cancellation);

    [Function(nameof(RefundPayment))]
    public Task<PaymentRefund> RefundPayment([ActivityTrigger] RefundPayment request, CancellationToken cancellation) => gateway.Refund(request, cancellation);

    [Function(nameof(FindRefund))]
    public Task<PaymentRefund> FindRefund([ActivityTrigger] FindRefund request, CancellationToken cancellation) => gateway.FindRefund(request, cancellation);
}

public sealed record RetrievePayment(string PaymentId);
