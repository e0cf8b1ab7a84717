using CheckoutFunctions.Orders;
using CheckoutFunctions.Taxes;

namespace CheckoutFunctions.Checkout;

/// <summary>What follows a paid order without the buyer waiting for it. Each part is tried until it is done.</summary>
public static class AfterSale
{
    public static async Task Run(TaskOrchestrationContext context, CheckoutState state, Func<TaskFailedException, Task> park)
    {
        var session = state.Session;
        var taxed = state.TaxRequest();
        await UntilDone(
            () => context.RecordTax(new RecordTax(
                session.OrderId!, context.Now, taxed.Currency, taxed.To, taxed.Shipping, taxed.Lines, session.TaxCost ?? 0, session.Tax!.Source)),
            park);
        await UntilDone(() => context.PublishOrderPlaced(new OrderPlaced(session.OrderId!, session.CheckoutId)), park);
    }

    private static async Task UntilDone(Func<Task> step, Func<TaskFailedException, Task> park)
    {
        while (true)
        {
            try
            {
                await step();
                return;
            }
            catch (TaskFailedException failure)
            {
                await park(failure);
            }
        }
    }
}
