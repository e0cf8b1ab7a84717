using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>
/// Random orchestrations come to the same however they are run. More of them: CHECKOUT_PROPERTY_RUNS=5000. A failure prints the smallest script that
/// fails and a seed; CHECKOUT_PROPERTY_SEED=123,457 starts from there.
/// </summary>
public sealed partial class RandomTests
{
    private static readonly RandomConditions Straight = new("straight through");

    [Fact]
    public void Replayed_from_the_start_at_every_turn() => Hold(RandomScripts.Any, 100, async (random, expected) =>
        Same(expected, await RandomRun.Run(random, new("replayed") { LiveInstances = 0 })));

    [Fact]
    public void Crashed_at_every_point() => Hold(RandomScripts.Any, 8, async (random, expected) =>
    {
        foreach (var live in (int[])[0, 100])
        {
            var passed = new CrashAt(int.MaxValue);
            await RandomRun.Run(random, Straight with { Crash = passed, LiveInstances = live });
            for (var point = 0; point < passed.Passed; point++)
            {
                var conditions = new RandomConditions($"crashed at point {point}, {live} live") { Crash = new CrashAt(point), LiveInstances = live };
                Same(expected, await RandomRun.Run(random, conditions), conditions.Name);
            }
        }
    });

    [Fact]
    public void Dropped_from_memory_at_random() => Hold(RandomScripts.Any, 60, async (random, expected) =>
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var conditions = new RandomConditions($"evicted by seed {seed}") { LiveInstances = 1 + seed, Restarts = new Random(seed) };
            Same(expected, await RandomRun.Run(random, conditions), conditions.Name);
        }
    });

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void A_turn_for_every_event(int live) => Hold(RandomScripts.Orderless, 60, async (random, expected) =>
        SameItself(expected, await RandomRun.Run(random, new("one event at a time") { LiveInstances = live, OneEventAtATime = true })));

    [Fact]
    public void Work_in_any_order() => Hold(RandomScripts.Orderless, 60, async (random, expected) =>
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var conditions = new RandomConditions($"in the order of seed {seed}") { Order = new Random(seed), OneEventAtATime = seed == 2 };
            SameItself(expected, await RandomRun.Run(random, conditions), conditions.Name);
        }
    });

    [Fact]
    public async Task The_random_orchestrations_reach_everything()
    {
        var reached = new HashSet<string>();
        foreach (var random in RandomScripts.Any.Generator.Sample(50, new Rnd(1, 3), 300))
            await RandomRun.Run(random, Straight, reached);

        string[] expected =
        [
            .. typeof(Step).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Step))).Select(type => type.Name),
            "again, keeping events", "again, dropping events", "caught failure of a task", "event in time", "event too late", "child", "child by id",
            "retried until it went well",
        ];
        Assert.Empty(expected.Except(reached));
    }

    private static void Hold(Arbitrary<RandomCase> cases, int runs, Func<RandomCase, IReadOnlyList<string>, Task> holds)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(NumberOf("CHECKOUT_PROPERTY_RUNS") is { } more ? more : runs);
        if (Environment.GetEnvironmentVariable("CHECKOUT_PROPERTY_SEED")?.Split(',') is [var seed, var gamma])
        {
            var from = new Rnd(ulong.Parse(seed, CultureInfo.InvariantCulture), ulong.Parse(gamma, CultureInfo.InvariantCulture));
            config = config.WithReplay(FSharpOption<Replay>.Some(new Replay(from, FSharpOption<int>.None)));
        }

        // Away from xunit's own synchronization context, whose few threads must not wait for one another.
        Check.One(config, Prop.ForAll(cases, random => Task.Run(async () => await holds(random, await RandomRun.Run(random, Straight))).GetAwaiter().GetResult()));
    }

    private static int? NumberOf(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Same(IReadOnlyList<string> expected, IReadOnlyList<string> actual, string? conditions = null) =>
        Assert.True(expected.SequenceEqual(actual), $"{conditions}\nexpected\n{string.Join('\n', expected)}\nbut got\n{string.Join('\n', actual)}");

    // Without what may differ: the numbers of tasks that start at one moment, and the ids of children.
    private static void SameItself(IReadOnlyList<string> expected, IReadOnlyList<string> actual, string? conditions = null) =>
        Same([TaskNumber().Replace(expected[0], "(#)")], [TaskNumber().Replace(actual[0], "(#)")], conditions);

    [GeneratedRegex(@"\(#\d+\)")]
    private static partial Regex TaskNumber();
}
