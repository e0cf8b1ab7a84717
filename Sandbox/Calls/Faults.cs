namespace Sandbox.Calls;

/// <summary>The faults asked for, oldest first; each call takes one. They are a test's wish and no provider's memory: a restart clears them.</summary>
internal sealed class Faults
{
    private readonly Lock gate = new();
    private readonly List<Fault> armed = [];

    public void Add(Fault fault)
    {
        lock (gate)
            armed.Add(fault);
    }

    public void Clear()
    {
        lock (gate)
            armed.Clear();
    }

    public IReadOnlyList<Fault> List()
    {
        lock (gate)
            return [.. armed];
    }

    /// <summary>The fault that this call has, or null.</summary>
    public Fault? Take(string provider, string operation)
    {
        lock (gate)
        {
            var index = armed.FindIndex(fault => fault.Concerns(provider, operation));
            if (index < 0)
                return null;
            var fault = armed[index];
            if (fault.Times > 1)
                armed[index] = fault with { Times = fault.Times - 1 };
            else
                armed.RemoveAt(index);
            return fault;
        }
    }
}
