namespace CheckoutFunctions.Tests.Fidelity;

/// <summary>The test holds these lines of LocalHost/FIDELITY.md.</summary>
/// <param name="numbers">The numbers of lines, such as <c>4.2</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BehaviourAttribute(params string[] numbers) : Attribute
{
    public IReadOnlyList<string> Numbers { get; } = numbers;
}
