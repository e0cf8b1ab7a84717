namespace CheckoutFunctions.Refunds;

/// <summary>One instance per refund. Static, as the checkout's.</summary>
public static class RefundOrchestrator
{
    public const string Name = nameof(RefundOrchestrator);

    [Function(Name)]
    public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
        RefundSaga.Run(context, context.GetInput<RefundState>() ?? throw new InvalidOperationException("A refund starts from its state."));
}
