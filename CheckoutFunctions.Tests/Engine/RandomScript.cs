namespace CheckoutFunctions.Tests.Engine;

/// <summary>A random orchestration as data: it runs on a context (<see cref="RandomInterpreter"/>), shrinks and prints.</summary>
internal abstract record Step
{
    public virtual IEnumerable<Step> Parts => [];

    public IEnumerable<Step> All => Parts.SelectMany(part => part.All).Prepend(this);
}

internal sealed record Sequence(IReadOnlyList<Step> Steps) : Step
{
    public override IEnumerable<Step> Parts => Steps;

    public override string ToString() => string.Join("; ", Steps);
}

internal sealed record WhenAll(IReadOnlyList<Step> Steps) : Step
{
    public override IEnumerable<Step> Parts => Steps;

    public override string ToString() => $"all({string.Join(", ", Steps)})";
}

internal sealed record WhenAny(IReadOnlyList<Step> Steps) : Step
{
    public override IEnumerable<Step> Parts => Steps;

    public override string ToString() => $"any({string.Join(", ", Steps)})";
}

internal sealed record Caught(Step Step) : Step
{
    public override IEnumerable<Step> Parts => [Step];

    public override string ToString() => $"catch {{ {Step} }}";
}

/// <summary>Started, never awaited.</summary>
internal sealed record Forgotten(Step Step) : Step
{
    public override IEnumerable<Step> Parts => [Step];

    public override string ToString() => $"forget {{ {Step} }}";
}

internal sealed record CallActivity(int Number, bool Fails) : Step
{
    public override string ToString() => Fails ? $"failing({Number})" : $"call({Number})";
}

/// <summary>An activity that fails until so many seconds after the first attempt: by the clock, so that an attempt that a crash repeats isn't counted.</summary>
internal sealed record Retried(int Number, int FailsForSeconds, int Attempts, int EverySeconds, bool Handler) : Step
{
    public override string ToString() => $"retry({Number}, fails for {FailsForSeconds} s, {Attempts} times every {EverySeconds} s{(Handler ? ", handler" : string.Empty)})";
}

internal sealed record Timer(int Seconds) : Step
{
    public override string ToString() => $"timer({Seconds} s)";
}

internal sealed record WaitEvent(string Name, int? TimeoutSeconds) : Step
{
    public override string ToString() => TimeoutSeconds is { } seconds ? $"wait({Name}, {seconds} s)" : $"wait({Name})";
}

internal sealed record SendToItself(string Name, int Payload) : Step
{
    public override string ToString() => $"send({Name}, {Payload})";
}

internal sealed record CallChild(Script Script, bool OwnId, int Attempts) : Step
{
    public override IEnumerable<Step> Parts => [Script.Body];

    public override string ToString() => $"child{(OwnId ? " by id" : string.Empty)}{(Attempts > 1 ? $" {Attempts} times" : string.Empty)} {{ {Script} }}";
}

internal sealed record Throw(int Number) : Step
{
    public override string ToString() => $"throw({Number})";
}

internal sealed record SetStatus(int Number) : Step
{
    public override string ToString() => $"status({Number})";
}

internal sealed record AskGuid : Step
{
    public override string ToString() => "guid";
}

internal sealed record AskTime : Step
{
    public override string ToString() => "now";
}

/// <summary>An orchestrator's code. It continues as new until it is in its last generation.</summary>
internal sealed record Script(Step Body, int Generations, bool KeepsEvents)
{
    public override string ToString() => Generations > 1 ? $"{Body}; again {Generations}x {(KeepsEvents ? "keeping" : "dropping")} events" : $"{Body}";
}

/// <summary>Something from outside, at a time when no timer fires: seconds since the start, and a half.</summary>
internal abstract record Outside(int Second)
{
    public TimeSpan At => TimeSpan.FromSeconds(Second + 0.5);
}

internal sealed record Raise(int Second, string Name, int Payload) : Outside(Second)
{
    public override string ToString() => $"at {Second}.5 s {Name}={Payload}";
}

internal sealed record Suspend(int Second) : Outside(Second)
{
    public override string ToString() => $"at {Second}.5 s suspend";
}

internal sealed record Resume(int Second) : Outside(Second)
{
    public override string ToString() => $"at {Second}.5 s resume";
}

/// <summary>An orchestration and all that happens to it.</summary>
internal sealed record RandomCase(Script Script, IReadOnlyList<Outside> Outside)
{
    /// <summary>
    /// Nothing in it depends on which of two things that happen at one moment comes first. (Where it does, Durable Functions promises no order:
    /// who waits first, whose turn it is.)
    /// </summary>
    public bool IsOrderless => Script.Body.All.All(step => step switch
    {
        WhenAny => false,
        WhenAll or Forgotten => step.Parts.SelectMany(part => part.All).All(part => part is not (WaitEvent or SendToItself or SetStatus or AskGuid or CallChild { OwnId: true })),
        CallChild child => child.Script.Generations == 1 || child.Script.KeepsEvents,
        _ => true,
    }) && (Script.Generations == 1 || Script.KeepsEvents);

    public override string ToString() => $"{Script}{(Outside.Count > 0 ? " | " : string.Empty)}{string.Join(", ", Outside)}";
}
