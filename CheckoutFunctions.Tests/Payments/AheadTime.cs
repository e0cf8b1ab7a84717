namespace CheckoutFunctions.Tests.Payments;

/// <summary>The sandbox's clock goes as ever, but for what passes at once: its own waits must end.</summary>
internal sealed class AheadTime : TimeProvider
{
    public TimeSpan Passed { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Passed;
}
