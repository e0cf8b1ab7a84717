using System.Reflection;
using System.Text.RegularExpressions;
using CheckoutFunctions.Checkout;

namespace CheckoutFunctions.Tests.Rules;

/// <summary>Host and flow agree: Steps.cs is the one place that calls activities, each by its name, its types and a policy of Retries.</summary>
public sealed partial class StepTests
{
    private static readonly SourceFile Source = SourceFile.Under("CheckoutFunctions/Checkout").Single(source => source.Path.EndsWith("/Steps.cs", StringComparison.Ordinal));

    private static readonly IReadOnlyList<Match> Calls = Step().Matches(Source.Code);

    [Fact]
    public void Only_the_steps_call_activities_and_none_calls_another_orchestration()
    {
        Assert.Equal(
            [Source.Path],
            SourceFile.Under("CheckoutFunctions").Where(source => source.Find(CallActivity()).Any()).Select(source => source.Path));
        Assert.Empty(SourceFile.Under("CheckoutFunctions").SelectMany(source => source.Find(CallSubOrchestrator())));
    }

    [Fact]
    public void Each_step_names_its_activity_and_one_retry_policy() => Assert.Equal(CallActivity().Count(Source.Code), Calls.Count);

    [Fact]
    public void Each_activity_has_one_step_and_each_step_an_activity() => Assert.Equal(
        AppFunctions.Activities.Select(activity => $"{activity.DeclaringType!.Name}.{AppFunctions.NameOf(activity)}").Order(StringComparer.Ordinal),
        Calls.Select(call => $"{call.Groups["class"].Value}.{call.Groups["activity"].Value}").Order(StringComparer.Ordinal));

    [Fact]
    public void A_step_asks_and_is_answered_with_its_activitys_types() => Assert.All(Calls, call =>
    {
        var activity = AppFunctions.Activities.Single(activity => AppFunctions.NameOf(activity) == call.Groups["activity"].Value);
        Assert.Equal(AppFunctions.InputOf(activity).Name, call.Groups["request"].Value);

        // Without a type the answer is dropped, which only a step that is told nothing may do.
        if (call.Groups["result"].Success)
            Assert.Equal(AppFunctions.ResultOf(activity)?.Name, call.Groups["result"].Value);
        else
            Assert.True(AppFunctions.ResultOf(activity) is not { } dropped || dropped == AppFunctions.InputOf(activity), $"{AppFunctions.NameOf(activity)}'s answer is dropped.");
    });

    [Fact]
    public void Every_policy_retries_and_is_used()
    {
        var policies = typeof(Retries).GetProperties(BindingFlags.Public | BindingFlags.Static).ToDictionary(property => property.Name, property => (TaskOptions)property.GetValue(null)!);
        Assert.Equal(policies.Keys.ToHashSet(), Calls.Select(call => call.Groups["policy"].Value).ToHashSet());
        Assert.All(policies.Values, policy => Assert.InRange(policy.Retry!.Policy!.MaxNumberOfAttempts, 2, 1000));
    }

    /// <summary>Azure Storage's timers have whole seconds, and a delay that is shorter grows to one there: then the hosts would differ.</summary>
    [Fact]
    public void Delays_are_whole_seconds() => Assert.All(
        typeof(Retries).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => ((TaskOptions)property.GetValue(null)!).Retry!.Policy!),
        policy => Assert.True(policy.FirstRetryInterval >= TimeSpan.FromSeconds(1) && policy.FirstRetryInterval.Ticks % TimeSpan.TicksPerSecond == 0));

    [GeneratedRegex(@"CallActivityAsync")]
    private static partial Regex CallActivity();

    [GeneratedRegex(@"CallSubOrchestratorAsync")]
    private static partial Regex CallSubOrchestrator();

    [GeneratedRegex(@"public Task(<(?<answer>\w+)>)? \w+\((?<request>\w+) (?<name>\w+)\) =>\s+context\.CallActivityAsync(<(?<result>\w+)>)?\(nameof\((?<class>\w+)\.(?<activity>\w+)\), \k<name>, Retries\.(?<policy>\w+?)(Within\(\k<name>\.WithinMilliseconds\))?\);")]
    private static partial Regex Step();
}
