namespace CheckoutFunctions.Tests.Simulation;

/// <summary>One mistake that a reviewer would fear: the code as it is, and as it must not be.</summary>
/// <param name="File">Below CheckoutFunctions/.</param>
public sealed record Mutation(string Name, string File, params (string Is, string Becomes)[] Edits)
{
    public override string ToString() => Name;
}
