using CheckoutFunctions.Addresses;
using CheckoutFunctions.Discounts;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;

namespace CheckoutFunctions.Checkout;

/// <summary>The activities as an orchestration calls them: typed, named by <c>nameof</c>, each with its retries.</summary>
public static class Steps
{
    extension(TaskOrchestrationContext context)
    {
        public Task<AddressCheck> VerifyAddress(VerifyAddress request) =>
            context.CallActivityAsync<AddressCheck>(nameof(AddressActivities.VerifyAddress), request, Retries.Quote);

        public Task<RateQuote> FetchShippingRates(FetchShippingRates request) =>
            context.CallActivityAsync<RateQuote>(nameof(ShippingActivities.FetchShippingRates), request, Retries.QuoteWithin(request.WithinMilliseconds));

        public Task<TaxQuote> CalculateTax(CalculateTax request) =>
            context.CallActivityAsync<TaxQuote>(nameof(TaxActivities.CalculateTax), request, Retries.QuoteWithin(request.WithinMilliseconds));

        public Task<DiscountCheck> CheckDiscounts(CheckDiscounts request) =>
            context.CallActivityAsync<DiscountCheck>(nameof(DiscountActivities.CheckDiscounts), request, Retries.Stock);

        public Task<Reservation> ReserveInventory(ReserveInventory request) =>
            context.CallActivityAsync<Reservation>(nameof(InventoryActivities.ReserveInventory), request, Retries.Stock);

        public Task<Reservation> ExtendHold(ExtendHold request) =>
            context.CallActivityAsync<Reservation>(nameof(InventoryActivities.ExtendHold), request, Retries.Stock);

        public Task ReleaseInventory(ReleaseInventory request) =>
            context.CallActivityAsync(nameof(InventoryActivities.ReleaseInventory), request, Retries.Compensation);

        public Task<CreatedPayment> CreatePayment(CreatePayment request) =>
            context.CallActivityAsync<CreatedPayment>(nameof(PaymentActivities.CreatePayment), request, Retries.Payment);

        public Task<Payment> AuthorizePayment(AuthorizePayment request) =>
            context.CallActivityAsync<Payment>(nameof(PaymentActivities.AuthorizePayment), request, Retries.Payment);

        public Task<Payment> RetrievePayment(RetrievePayment request) =>
            context.CallActivityAsync<Payment>(nameof(PaymentActivities.RetrievePayment), request, Retries.Payment);

        public Task<OrderPlacement> PlaceOrder(PlaceOrder request) =>
            context.CallActivityAsync<OrderPlacement>(nameof(OrderActivities.PlaceOrder), request, Retries.Order);

        public Task<Payment> CapturePayment(CapturePayment request) =>
            context.CallActivityAsync<Payment>(nameof(PaymentActivities.CapturePayment), request, Retries.Capture);

        public Task CancelOrder(CancelOrder request) =>
            context.CallActivityAsync(nameof(OrderActivities.CancelOrder), request, Retries.Compensation);

        public Task<Payment> VoidPayment(VoidPayment request) =>
            context.CallActivityAsync<Payment>(nameof(PaymentActivities.VoidPayment), request, Retries.Compensation);

        public Task RecordTax(RecordTax request) =>
            context.CallActivityAsync(nameof(TaxActivities.RecordTax), request, Retries.AfterSale);

        public Task PublishOrderPlaced(OrderPlaced placed) =>
            context.CallActivityAsync(nameof(OrderActivities.PublishOrderPlaced), placed, Retries.AfterSale);

        public Task<PaymentRefund> RefundPayment(RefundPayment request) =>
            context.CallActivityAsync<PaymentRefund>(nameof(PaymentActivities.RefundPayment), request, Retries.Refund);

        public Task<PaymentRefund> FindRefund(FindRefund request) =>
            context.CallActivityAsync<PaymentRefund>(nameof(PaymentActivities.FindRefund), request, Retries.Refund);

        public Task RecordTaxRefund(RecordTaxRefund request) =>
            context.CallActivityAsync(nameof(TaxActivities.RecordTaxRefund), request, Retries.Refund);

        public Task RestockInventory(RestockInventory request) =>
            context.CallActivityAsync(nameof(InventoryActivities.RestockInventory), request, Retries.Refund);

        public Task SaveRefund(SaveRefund request) =>
            context.CallActivityAsync(nameof(RefundActivities.SaveRefund), request, Retries.Session);

        public Task SaveSession(SaveSession request) =>
            context.CallActivityAsync(nameof(SessionActivities.SaveSession), request, Retries.Session);

        public DateTimeOffset Now => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));
    }
}
