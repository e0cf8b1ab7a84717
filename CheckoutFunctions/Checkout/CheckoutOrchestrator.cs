namespace CheckoutFunctions.Checkout;

/// <summary>One instance per checkout; its id is the checkout's. Static, so that nothing a replay can't repeat is ever injected.</summary>
public static class CheckoutOrchestrator
{
    public const string Name = nameof(CheckoutOrchestrator);

    [Function(Name)]
    public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
        new CheckoutFlow(context, context.GetInput<CheckoutState>() ?? throw new InvalidOperationException("A checkout starts from its state.")).Run();
}
