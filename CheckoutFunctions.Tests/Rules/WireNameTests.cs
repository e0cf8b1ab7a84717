using System.Reflection;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>
/// Names that others hold on to: callers know the routes, and stored orchestrations the activities. A changed line here is a changed contract;
/// an activity's name may only change once no orchestration in flight can ask for the old one.
/// </summary>
public sealed class WireNameTests
{
    [Fact]
    public void Functions_routes_methods_and_levels_are_these() => Assert.Equal(
        """
        AnswerBraintreeChallenge http get api/webhooks/braintree Anonymous
        AuthorizePayment activity
        CalculateTax activity
        CancelCheckout http post api/checkout/{id}/cancel Anonymous
        CancelOrder activity
        CapturePayment activity
        CheckDiscounts activity
        CheckoutOrchestrator orchestration
        CompleteCheckout http post api/checkout/{id}/complete Anonymous
        CreatePayment activity
        EraseCustomer http post api/operations/customers/erase Function
        ExtendHold activity
        FetchShippingRates activity
        FindRefund activity
        ForgetWhatIsOver timer
        GetCheckout http get api/checkout/{id} Anonymous
        GetEstimate http get api/checkout/{id}/estimate Anonymous
        GetHealth http get api/health Anonymous
        GetOrder http get api/orders/{orderId} Anonymous
        GetReceipt http get api/orders/{orderId}/receipt Anonymous
        GetReconciliation http get api/operations/reconciliation Function
        KeepPoisonMessage queue order-placed-poison
        ListPoisonMessages http get api/operations/queues/poison Function
        ListRefunds http get api/operations/orders/{orderId}/refunds Function
        PlaceOrder activity
        PublishOrderPlaced activity
        PurgeIdempotencyKeys timer
        PutCustomer http put api/checkout/{id}/customer Anonymous
        PutDiscounts http put api/checkout/{id}/discounts Anonymous
        PutShippingAddress http put api/checkout/{id}/shipping-address Anonymous
        PutShippingMethod http put api/checkout/{id}/shipping-method Anonymous
        ReceiveBraintreeEvent http post api/webhooks/braintree Anonymous
        ReceiveStripeEvent http post api/webhooks/stripe Anonymous
        Reconcile http post api/operations/reconciliation Function
        ReconcileOnTime timer
        RecordTax activity
        RecordTaxRefund activity
        RefundOrchestrator orchestration
        RefundOrder http post api/operations/orders/{orderId}/refund Function
        RefundPayment activity
        ReleaseInventory activity
        RemindAbandonedCheckouts timer
        ReserveInventory activity
        RestockInventory activity
        RetrievePayment activity
        RetryCheckout http post api/operations/checkouts/{id}/retry Function
        RetryPoisonMessage http post api/operations/queues/poison/{id}/retry Function
        RetryRefund http post api/operations/orders/{orderId}/refunds/{refundId}/retry Function
        SaveRefund activity
        SaveSession activity
        SendReceipt queue order-placed
        StartCheckout http post api/checkout Anonymous
        SweepHolds timer
        SweepPaymentEvents timer
        VerifyAddress activity
        VoidPayment activity
        """.ReplaceLineEndings("\n"),
        string.Join('\n', AppFunctions.All.Select(Line).Order(StringComparer.Ordinal)));

    /// <summary>Functions registers routes in the order of names: a catch-all that sorted earlier would swallow the API.</summary>
    [Fact]
    public void Every_route_is_the_apis_or_a_catch_all_whose_name_sorts_last()
    {
        var routed = AppFunctions.All.Where(function => AppFunctions.Trigger<HttpTriggerAttribute>(function) is not null).OrderBy(AppFunctions.NameOf, StringComparer.Ordinal).ToList();
        Assert.All(routed.SkipLast(1), function => Assert.StartsWith("api/", Route(function), StringComparison.Ordinal));
        Assert.Matches(@"^(api/|\{\*)", Route(routed[^1]));
    }

    [Fact]
    public void Operators_routes_need_a_key_and_only_theirs() => Assert.All(
        AppFunctions.All.Where(function => AppFunctions.Trigger<HttpTriggerAttribute>(function) is not null),
        function => Assert.Equal(
            Route(function).StartsWith("api/operations/", StringComparison.Ordinal) ? AuthorizationLevel.Function : AuthorizationLevel.Anonymous,
            AppFunctions.Trigger<HttpTriggerAttribute>(function)!.AuthLevel));

    [Fact]
    public void No_name_is_used_twice() =>
        Assert.Empty(AppFunctions.All.GroupBy(AppFunctions.NameOf, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key));

    private static string Route(MethodInfo function) => AppFunctions.Trigger<HttpTriggerAttribute>(function)!.Route ?? "";

    private static string Line(MethodInfo function) => $"{AppFunctions.NameOf(function)} {Kind(function)}";

    private static string Kind(MethodInfo function)
    {
        if (AppFunctions.Trigger<HttpTriggerAttribute>(function) is { } http)
            return $"http {string.Join(',', http.Methods ?? ["any"])} {http.Route} {http.AuthLevel}";
        if (AppFunctions.Trigger<ActivityTriggerAttribute>(function) is not null)
            return "activity";
        if (AppFunctions.Trigger<OrchestrationTriggerAttribute>(function) is not null)
            return "orchestration";
        if (AppFunctions.Trigger<QueueTriggerAttribute>(function) is { } queue)
            return $"queue {queue.QueueName}";
        return AppFunctions.Trigger<TimerTriggerAttribute>(function) is not null ? "timer" : "without a trigger";
    }
}
