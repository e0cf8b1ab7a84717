using FsCheck;
using FsCheck.Fluent;

namespace CheckoutFunctions.Tests.Engine;

/// <summary>Makes random orchestrations, and smaller ones out of one that fails.</summary>
internal static class RandomScripts
{
    private static readonly string[] Names = ["A", "a", "B"];

    public static Arbitrary<RandomCase> Any { get; } = Arb.From(Cases(), Smaller);

    public static Arbitrary<RandomCase> Orderless { get; } =
        Arb.From(Cases().Where(random => random.IsOrderless), random => Smaller(random).Where(smaller => smaller.IsOrderless));

    private static Gen<RandomCase> Cases() =>
        from script in Scripts(depth: 3)
        from count in Gen.Choose(0, 6)
        from outside in Outsides().ListOf(count)
        select new RandomCase(script, [.. outside.OrderBy(happening => happening.Second)]);

    private static Gen<Script> Scripts(int depth) =>
        from body in Sequences(depth)
        from generations in Gen.Elements(1, 1, 1, 2, 3)
        from keeps in Gen.Elements(true, false)
        select new Script(body, generations, keeps);

    private static Gen<Step> Sequences(int depth) =>
        from count in Gen.Choose(1, 4)
        from steps in Steps(depth).ListOf(count)
        select (Step)new Sequence([.. steps]);

    private static Gen<Step> Steps(int depth) => depth == 0 ? Leaves() : Gen.Frequency(
        (6, Leaves()),
        (1, Several(depth).Select(steps => (Step)new WhenAll(steps))),
        (1, Several(depth).Select(steps => (Step)new WhenAny(steps))),
        (1, Sequences(depth - 1).Select(step => (Step)new Caught(step))),
        (1, Sequences(depth - 1).Select(step => (Step)new Forgotten(step))),
        (1, from script in Scripts(depth - 1)
            from ownId in Gen.Elements(true, false)
            from attempts in Gen.Elements(1, 1, 2)
            select (Step)new CallChild(script, ownId, attempts)));

    private static Gen<IReadOnlyList<Step>> Several(int depth) =>
        from count in Gen.Choose(2, 3)
        from steps in Gen.OneOf(Sequences(depth - 1), Leaves()).ListOf(count)
        select (IReadOnlyList<Step>)[.. steps];

    private static Gen<Step> Leaves() => Gen.Frequency(
        (4, from number in Gen.Choose(1, 9)
            from chance in Gen.Choose(0, 4)
            select (Step)new CallActivity(number, chance == 0)),
        (2, from number in Gen.Choose(1, 9)
            from fails in Gen.Choose(0, 20)
            from attempts in Gen.Choose(1, 4)
            from every in Gen.Choose(1, 9)
            from handler in Gen.Elements(true, false)
            select (Step)new Retried(number, fails, attempts, every, handler)),
        (2, Seconds().Select(seconds => (Step)new Timer(seconds))),
        (3, from name in Gen.Elements(Names)
            from seconds in Seconds()
            from bounded in Gen.Elements(true, true, false)
            select (Step)new WaitEvent(name, bounded ? seconds : null)),
        (1, from name in Gen.Elements(Names)
            from payload in Gen.Choose(100, 199)
            select (Step)new SendToItself(name, payload)),
        (1, Gen.Choose(1, 9).Select(number => (Step)new SetStatus(number))),
        (1, Gen.Choose(1, 9).Select(number => (Step)new Throw(number))),
        (1, Gen.Constant((Step)new AskGuid())),
        (1, Gen.Constant((Step)new AskTime())));

    private static Gen<int> Seconds() => Gen.OneOf(Gen.Choose(0, 30), Gen.Choose(31, 7200), Gen.Choose(1, 10).Select(days => days * 86_400));

    private static Gen<Outside> Outsides() => Gen.Frequency(
        (6, from second in Gen.OneOf(Gen.Choose(0, 60), Gen.Choose(61, 9000))
            from name in Gen.Elements(Names)
            from payload in Gen.Choose(1, 99)
            select (Outside)new Raise(second, name, payload)),
        (1, Gen.Choose(0, 100).Select(second => (Outside)new Suspend(second))),
        (1, Gen.Choose(50, 9000).Select(second => (Outside)new Resume(second))));

    private static IEnumerable<RandomCase> Smaller(RandomCase random) =>
    [
        .. Without(random.Outside).Select(outside => random with { Outside = outside }),
        .. Smaller(random.Script).Select(script => random with { Script = script }),
    ];

    private static IEnumerable<Script> Smaller(Script script) =>
    [
        .. script.Generations > 1 ? [script with { Generations = script.Generations - 1 }] : Array.Empty<Script>(),
        .. Smaller(script.Body).Select(body => script with { Body = body }),
    ];

    private static IEnumerable<Step> Smaller(Step step) => step switch
    {
        Sequence { Steps: [var only] } => Smaller(only).Prepend(only),
        Sequence sequence => Smaller(sequence.Steps).Select(steps => new Sequence(steps)),
        WhenAll all => [.. all.Steps, .. Smaller(all.Steps).Select(steps => new WhenAll(steps))],
        WhenAny any => [.. any.Steps, .. Smaller(any.Steps).Select(steps => new WhenAny(steps))],
        Caught caught => Smaller(caught.Step).Select(Step (smaller) => new Caught(smaller)).Prepend(caught.Step),
        Forgotten forgotten => Smaller(forgotten.Step).Select(Step (smaller) => new Forgotten(smaller)).Prepend(forgotten.Step),
        CallChild child =>
        [
            child.Script.Body,
            .. child.Attempts > 1 ? [child with { Attempts = 1 }] : Array.Empty<Step>(),
            .. Smaller(child.Script).Select(script => child with { Script = script }),
        ],
        Retried retried => [new CallActivity(retried.Number, Fails: false)],
        Timer { Seconds: > 1 } => [new Timer(1)],
        WaitEvent { TimeoutSeconds: > 1 } wait => [wait with { TimeoutSeconds = 1 }],
        _ => [],
    };

    private static IEnumerable<IReadOnlyList<Step>> Smaller(IReadOnlyList<Step> steps) =>
    [
        .. Without(steps),
        .. steps.SelectMany((step, at) => Smaller(step).Select(smaller => (IReadOnlyList<Step>)[.. steps.Take(at), smaller, .. steps.Skip(at + 1)])),
    ];

    private static IEnumerable<IReadOnlyList<T>> Without<T>(IReadOnlyList<T> items) =>
        Enumerable.Range(0, items.Count).Select(at => (IReadOnlyList<T>)[.. items.Take(at), .. items.Skip(at + 1)]);
}
