namespace CheckoutFunctions.Checkout;

/// <summary>How long each kind of step is tried before its failure counts. Delays on Azure Storage are whole seconds.</summary>
public static class Retries
{
    /// <summary>Address, rates, tax: the buyer is waiting, and there is something to fall back on.</summary>
    public static TaskOptions Quote { get; } = Policy(attempts: 2, first: 1);

    /// <summary>Our own database, before any money is held.</summary>
    public static TaskOptions Stock { get; } = Policy(attempts: 4, first: 1, factor: 2);

    /// <summary>Registering and authorizing a payment: the keys make a repeat safe.</summary>
    public static TaskOptions Payment { get; } = Policy(attempts: 3, first: 1);

    /// <summary>Writing the order while the buyer's money is held: about a minute, then the money is given back.</summary>
    public static TaskOptions Order { get; } = Policy(attempts: 7, first: 1, factor: 2);

    /// <summary>The order exists and the money is held for days: taking it is worth a day of trying.</summary>
    public static TaskOptions Capture { get; } = Policy(attempts: 100, first: 1, factor: 2, max: 900);

    /// <summary>Compensations don't give up. A round of tries takes seconds, so that an operator who says "again" soon sees how it went; the days are <see cref="Pause"/>'s.</summary>
    public static TaskOptions Compensation { get; } = Policy(attempts: 4, first: 1, factor: 2);

    /// <summary>What the buyer doesn't wait for.</summary>
    public static TaskOptions AfterSale { get; } = Policy(attempts: 100, first: 2, factor: 2, max: 3600);

    /// <summary>A refund's steps: nobody waits at the counter, and each can be repeated. Days, then an operator.</summary>
    public static TaskOptions Refund { get; } = Policy(attempts: 100, first: 2, factor: 2, max: 3600);

    /// <summary>The session document and the refund's record: nothing goes on before they are written, so it is tried for weeks.</summary>
    public static TaskOptions Session { get; } = Policy(attempts: 1000, first: 1, factor: 2, max: 1800);

    /// <summary>The same; but what must be had within a budget is asked for once, and then done without.</summary>
    public static TaskOptions QuoteWithin(int? milliseconds) => milliseconds is null ? Quote : Once;

    private static TaskOptions Once { get; } = Policy(attempts: 1, first: 1);

    /// <summary>How long a compensation waits after so many rounds: minutes, then two hours, for three days. Null: an operator must look.</summary>
    public static TimeSpan? Pause(int rounds) => rounds <= 42 ? TimeSpan.FromMinutes(Math.Min(120, 1 << Math.Min(rounds - 1, 7))) : null;

    private static TaskOptions Policy(int attempts, double first, double factor = 1, double? max = null) => TaskOptions.FromRetryPolicy(
        new RetryPolicy(attempts, TimeSpan.FromSeconds(first), factor, max is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
}
