#nullable disable

namespace Stripe;

public interface IAnyOf
{
    object Value { get; }
}

/// <summary>A parameter that may be one thing or another: an instant, say, or a range.</summary>
public class AnyOf<T1, T2> : IAnyOf
{
    public AnyOf(T1 value) => Value = value;

    public AnyOf(T2 value) => Value = value;

    public object Value { get; }

    public static implicit operator AnyOf<T1, T2>(T1 value) => value == null ? null : new AnyOf<T1, T2>(value);

    public static implicit operator AnyOf<T1, T2>(T2 value) => value == null ? null : new AnyOf<T1, T2>(value);
}
