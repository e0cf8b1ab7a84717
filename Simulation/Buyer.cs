using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;

namespace Simulation;

/// <summary>Somebody who shops: comes by now and then, looks at the session, and does something that a buyer might.</summary>
internal class Buyer(Random random, string checkoutId, SimulatedPayments payments)
{
    private readonly Dictionary<string, string> cards = [];
    private CheckoutCommand? last;
    private bool gaveCode;
    private int commands;

    public string CheckoutId => checkoutId;

    /// <summary>When the buyer will look next; null once gone.</summary>
    public DateTimeOffset? NextVisit { get; protected set; }

    protected SimulatedPayments Payments => payments;

    /// <summary>A code that this buyer has and gives before paying; null: none.</summary>
    public string? Code { get; init; }

    /// <summary>Sends idempotency keys, as careful clients do.</summary>
    public bool HasKeys { get; init; }

    private int visitsLeft = random.Next(3, 10);

    public virtual void PlanNextVisit(DateTimeOffset now)
    {
        NextVisit = visitsLeft-- <= 0 ? null : now + random.Next(12) switch
        {
            0 => random.Next(2) == 0 ? TimeSpan.FromHours(random.Next(1, 30)) : TimeSpan.FromMinutes(random.Next(1, 90)),
            1 => TimeSpan.FromMinutes(random.Next(1, 10)),
            _ => TimeSpan.FromSeconds(random.Next(0, 40)),
        };
    }

    /// <summary>The card of a command to pay; null for others.</summary>
    public string? CardOf(string commandKey) => cards.GetValueOrDefault(commandKey);

    /// <summary>The commands of one visit. One may be raised twice, or come with several requests under one key: by a double click, or on the next visit.</summary>
    public virtual IEnumerable<CheckoutCommand> Visit(SessionDocument session)
    {
        if (last is not null && random.Next(10) == 0)
            yield return Again(last);
        if (Decide(session) is not { } command)
            yield break;

        last = command;
        yield return command;
        if (random.Next(6) == 0)
            yield return command;
        for (var taps = random.Next(6) == 0 ? random.Next(1, 4) : 0; taps > 0; taps--)
            yield return Again(command);
    }

    /// <summary>Without a key of its own each request is a new one, which buyers don't send twice.</summary>
    private CheckoutCommand Again(CheckoutCommand command)
    {
        if (command.Key == command.RequestId)
            return command;

        var tap = command with { RequestId = $"{CheckoutId}-{++commands}" };
        if (CardOf(command.Key) is { } card)
            cards[tap.RequestId] = card;
        return tap;
    }

    protected virtual CheckoutCommand? Decide(SessionDocument session) => session.Status switch
    {
        CheckoutStatus.Cart => Address(),
        CheckoutStatus.AddressCollected => random.Next(8) == 0 ? Address() : Method(),
        CheckoutStatus.MethodSelected when Code is not null && !gaveCode => GiveCode(Code),
        CheckoutStatus.MethodSelected => random.Next(12) switch
        {
            0 => New(CommandKind.Cancel),
            1 => Address(),
            2 => Discount(random.Next(3) switch { 0 => "WELCOME10", 1 => "FREESHIP", _ => "EXPIRED5" }),
            3 => New(CommandKind.SetCustomer) with { Customer = new("ada@example.com") },
            _ => Pay(session),
        },
        CheckoutStatus.ActionRequired => ThreeDSecure(),
        CheckoutStatus.Paying => random.Next(4) == 0 ? New(CommandKind.Cancel) : null,
        CheckoutStatus.NeedsAttention => New(random.Next(2) == 0 ? CommandKind.Retry : CommandKind.Complete) with { PaymentToken = Cards.Good },
        _ => null,
    };

    private CheckoutCommand? ThreeDSecure()
    {
        switch (random.Next(6))
        {
            case 0:
                return New(CommandKind.Cancel);
            case 1:
                return New(CommandKind.ConfirmPayment);
            case 2:
                payments.AnswerThreeDSecure(checkoutId, approve: true);
                return null;
            case 3:
                return Address();
            default:
                payments.AnswerThreeDSecure(checkoutId, approve: random.Next(3) > 0);
                return New(CommandKind.ConfirmPayment);
        }
    }

    private CheckoutCommand GiveCode(string code)
    {
        gaveCode = true;
        return Discount(code);
    }

    private CheckoutCommand Discount(string code) => New(CommandKind.SetDiscounts) with { DiscountCodes = [code] };

    private CheckoutCommand Address() => Address(random.Next(8) == 0 ? "Nowhere 1" : "1 Main St");

    private CheckoutCommand Method() => Method(random.Next(3) == 0 ? "UPS_NextDayAir" : "FedEx_Ground");

    private CheckoutCommand Pay(SessionDocument session) => Pay(
        random.Next(40) switch
        {
            < 4 => Cards.Declined,
            < 8 => Cards.Unknown,
            < 16 => Cards.ThreeDSecure,
            16 => Cards.OtherAmount,
            17 => Cards.OtherCurrency,
            18 => Cards.OtherReference,
            19 or 20 => Cards.Lapses,
            _ => Cards.Good,
        },
        random.Next(2) == 0 ? session.GrandTotal : null);

    protected CheckoutCommand Address(string line1) => New(CommandKind.SetShippingAddress) with
    {
        ShippingAddress = new Address("Ada L", line1, null, "Beverly Hills", "CA", "90210", "US"),
    };

    protected CheckoutCommand Method(string rate) => New(CommandKind.SetShippingMethod) with { ShippingMethod = rate };

    protected CheckoutCommand Pay(string token, long? agreedTotal)
    {
        var command = New(CommandKind.Complete) with { PaymentToken = token, AgreedTotal = agreedTotal };
        if (command.Key != command.RequestId && random.Next(4) == 0)
            command = command with { Key = $"{CheckoutId}-{token}-{agreedTotal}", RequestHash = $"{token}-{agreedTotal}", KeyIsDerived = true };
        cards[command.Key] = cards[command.RequestId] = token;
        return command;
    }

    protected CheckoutCommand New(CommandKind kind)
    {
        var id = $"{checkoutId}-{++commands}";
        return new(kind, HasKeys ? $"{id}-key" : id, id, id);
    }
}
