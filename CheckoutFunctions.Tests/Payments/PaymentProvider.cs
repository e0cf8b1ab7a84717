using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>A provider that a gateway is tested against: its tokens, its faults on demand, and what the buyer does there.</summary>
public abstract class PaymentProvider : IAsyncDisposable
{
    public abstract IPaymentGateway Gateway { get; }

    public abstract string GoodToken { get; }

    /// <summary>Null where the buyer passes 3-D Secure before there is a token: then no payment ever requires an action.</summary>
    public virtual string? ActionToken => null;

    public abstract string UnknownToken { get; }

    /// <summary>Less than the provider's smallest payment.</summary>
    public virtual Money TooLittle => new(1, "USD");

    public abstract string DeclinedToken(string declineCode);

    /// <summary>Whether the provider knows of a payment before anything was authorized, and lists it.</summary>
    public virtual bool ListsUnpaid => true;

    /// <summary>The next call of that operation goes wrong.</summary>
    public abstract Task Fail(string operation, Fault fault);

    /// <summary>The buyer passes 3-D Secure, or doesn't.</summary>
    public virtual Task FinishAction(string paymentId, bool passed) => throw new NotSupportedException("No payment requires an action here.");

    /// <summary>Lets so much time pass that the gateway may ask again after an unknown outcome.</summary>
    public virtual void WaitOut()
    {
    }

    /// <summary>An operator gives back a part of the money in the provider's dashboard.</summary>
    public abstract Task RefundByHand(string paymentId, long amount);

    /// <summary>By the gateway's clock and the provider's.</summary>
    public abstract DateTimeOffset Now { get; }

    public abstract void Pass(TimeSpan span);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public enum Fault
{
    TimeoutBefore,
    TimeoutAfter,
    Http429,

    /// <summary>500 without effect, which the provider repeats to the same key if it saves such answers.</summary>
    SavedHttp500,

    /// <summary>500 although it took effect.</summary>
    Http500After,
    Malformed,
    ConnectionReset,
}
