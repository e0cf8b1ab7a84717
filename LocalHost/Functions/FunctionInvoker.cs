using System.Security.Cryptography;
using LocalHost.QueueTriggers;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHost.Functions;

/// <summary>Begins invocations, each in a service scope of its own.</summary>
internal sealed class FunctionInvoker(IServiceScopeFactory scopes, QueueOutputs outputs)
{
    public Invocation Begin(LocalFunction function, TriggerInput input, CancellationToken cancellation = default) =>
        new(function, input, scopes.CreateAsyncScope(), outputs, cancellation);
}

/// <summary>One run of a function. Its scope lives until it is disposed, so that a result may still use scoped services.</summary>
internal sealed class Invocation(
    LocalFunction function, TriggerInput input, AsyncServiceScope scope, QueueOutputs outputs, CancellationToken cancellation) : IAsyncDisposable
{
    public async Task<object?> Run()
    {
        var id = new Guid(RandomNumberGenerator.GetBytes(16)).ToString();
        var value = await function.Call(input, new LocalFunctionContext(id, function.Definition, input, scope.ServiceProvider, cancellation));
        foreach (var (queue, message) in function.Outputs.MessagesIn(value))
            outputs.Append(queue, message);
        return function.Outputs.ResultIn(value);
    }

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
