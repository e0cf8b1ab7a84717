using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace CheckoutFunctions.Tests.Management;

/// <summary>Orchestrations whose statuses and histories the tests know.</summary>
public static class TestFunctions
{
    private static readonly ConcurrentDictionary<string, int> Runs = [];

    [Function("Echo")]
    public static object? Echo([OrchestrationTrigger] TaskOrchestrationContext context) => context.GetInput<object>();

    [Function("Version")]
    public static string Version([OrchestrationTrigger] TaskOrchestrationContext context) => context.Version;

    [Function("Waits")]
    public static async Task<object> Waits([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus(new { step = "waiting" });
        return await context.WaitForExternalEvent<object>("Go");
    }

    [Function("Throws")]
    public static Task<string> Throws([OrchestrationTrigger] TaskOrchestrationContext context) => throw new ArgumentException("never good");

    /// <summary>Everything that a history can hold.</summary>
    [Function("Full")]
    public static async Task<object> Full([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var text = await context.CallActivityAsync<string>("Text", "<in>");
        try
        {
            await context.CallActivityAsync("Boom", "outer msg");
        }
        catch (TaskFailedException)
        {
            context.SetCustomStatus(new { step = "two" });
        }

        await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        var go = await context.WaitForExternalEvent<object>("Go");
        var sub = await context.CallSubOrchestratorAsync<string>("Echo", "plain \"q\" <ü>");
        try
        {
            await context.CallSubOrchestratorAsync<string>("Throws");
        }
        catch (TaskFailedException)
        {
            context.SendEvent("nobody", "Gone", 1);
        }

        return new { a = text, ev = go, sub };
    }

    /// <summary>Fails the first time; its clean-up too is part of the history.</summary>
    [Function("CleansUp")]
    public static async Task<string> CleansUp([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.CallActivityAsync<string>("FailsOnce", context.InstanceId);
        }
        catch (TaskFailedException)
        {
            await context.CallActivityAsync("Text", "cleaned up");
            throw;
        }
    }

    [Function("Text")]
    public static string Text([ActivityTrigger] string text) => text;

    [Function("Boom")]
    public static string Boom([ActivityTrigger] string message) =>
        throw new InvalidOperationException(message, new ArgumentException("inner msg", new TimeoutException("deep")));

    [Function("FailsOnce")]
    public static string FailsOnce([ActivityTrigger] string id) =>
        Runs.AddOrUpdate(id, 1, (_, runs) => runs + 1) == 1 ? throw new TimeoutException("not yet") : "good at last";
}

public static class CatchAll
{
    [Function("ZCatchAll")]
    public static IResult Pages([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request, string path) => Results.Text($"page {path}");
}
