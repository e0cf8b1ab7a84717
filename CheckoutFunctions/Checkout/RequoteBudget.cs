namespace CheckoutFunctions.Checkout;

/// <summary>
/// What a complete may spend on asking again for what it can do without: together never more than <see cref="CheckoutLimits.RequoteMilliseconds"/>,
/// however many answers don't come. Rates may take half of it, the taxes what is left.
/// </summary>
public sealed class RequoteBudget(TaskOrchestrationContext context, CheckoutLimits limits)
{
    private TimeSpan spent;

    /// <summary>Milliseconds. Null: a checkout from before there was a budget.</summary>
    public int? ForRates => limits.RequoteMilliseconds / 2;

    public int? ForTax => limits.RequoteMilliseconds is { } all ? Math.Max(1, all - (int)spent.TotalMilliseconds) : null;

    public async Task<T> Spend<T>(Task<T> asking)
    {
        var before = context.Now;
        var answer = await asking;
        spent += context.Now - before;
        return answer;
    }
}
