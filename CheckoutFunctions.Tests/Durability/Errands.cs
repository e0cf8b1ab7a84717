using CheckoutFunctions.Tests.Api;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>What a buyer comes for, and where the checkout stands when the buyer is gone.</summary>
internal sealed record Errand(string Name, string EndsAs, Func<Shopper, Task> Go, string Sku = "TEA-100");

/// <summary>A checkout that was started, with what must have become of it.</summary>
internal sealed record Visit(Shopper Shopper, PatientStorefront Storefront, Errand Errand)
{
    public Task<Reply> Look() => Storefront.Look(Shopper.Id, Shopper.Secret);
}

/// <summary>The ways in which checkouts go. Each answer is the only one that is right: a kill may delay it, never change it.</summary>
internal sealed class Errands(Api.Providers providers)
{
    private const string Good = "pm_card_visa", Bad = "pm_card_chargeDeclined", Asking = "pm_card_authenticationRequired";

    public IReadOnlyList<Errand> All =>
    [
        new("pays", "COMPLETED", PayWith(Good)),
        new("pays with a discount", "COMPLETED", PayWithDiscount, "MUG-001"),
        new("pays after moving", "COMPLETED", PayAfterMoving, "BOOK-042"),
        new("is declined, pays with another card", "COMPLETED", Then(Decline, PayWith("pm_card_mastercard")), "LAMP-007"),
        new("is declined and leaves", "METHOD_SELECTED", Decline),
        new("approves 3-D Secure", "COMPLETED", Approve, "MUG-001"),
        new("fails 3-D Secure", "METHOD_SELECTED", FailTheBank, "BOOK-042"),
        new("cancels in 3-D Secure", "CANCELLED", CancelAtTheBank, "LAMP-007"),
        new("leaves in 3-D Secure", "ACTION_REQUIRED", AskTheBank),
        new("cancels in 3-D Secure the last one", "CANCELLED", CancelTheLast, "LAST-001"),
        new("finds it sold out", "METHOD_SELECTED", FindNone, "GONE-000"),
        new("cancels before paying", "CANCELLED", Then(Ready, Cancel)),
        new("leaves the cart", "CART", _ => Task.CompletedTask),
        new("leaves at the address", "ADDRESS_COLLECTED", async shopper => (await shopper.ShipTo(Shopper.NewYork)).Is(200)),
    ];

    /// <summary>Takes an open checkout to its order, from wherever it waits.</summary>
    public async Task Finish(Shopper shopper, Reply session)
    {
        switch (session.Status())
        {
            case "ACTION_REQUIRED":
                await providers.Authenticate(session, "approve");
                (await shopper.Confirm()).Is(200);
                break;
            case "METHOD_SELECTED":
                (await shopper.Pay()).Is(200);
                break;
            default:
                await PayWith(Good)(shopper);
                break;
        }
    }

    private static Func<Shopper, Task> Then(Func<Shopper, Task> first, Func<Shopper, Task> second) => async shopper =>
    {
        await first(shopper);
        await second(shopper);
    };

    private static Func<Shopper, Task> PayWith(string card) => async shopper =>
    {
        await shopper.GoToPayment();
        Assert.Equal("COMPLETED", (await shopper.Pay(card)).Is(200).Status());
    };

    private static async Task PayWithDiscount(Shopper shopper)
    {
        (await shopper.Discount("WELCOME10")).Is(200);
        await PayWith(Good)(shopper);
    }

    private static async Task PayAfterMoving(Shopper shopper)
    {
        await shopper.GoToPayment();
        (await shopper.ShipTo(Shopper.NewYork)).Is(200);
        (await shopper.Choose(Shopper.Ground)).Is(200).AddsUp();
        (await shopper.Pay()).Is(200);
    }

    private static Task Ready(Shopper shopper) => shopper.GoToPayment();

    private static async Task Cancel(Shopper shopper) => Assert.Equal("CANCELLED", (await shopper.Cancel()).Is(200).Status());

    private static async Task Decline(Shopper shopper)
    {
        await shopper.GoToPayment();
        (await shopper.Pay(Bad)).Refuses(402, "card_declined");
    }

    private static async Task FindNone(Shopper shopper)
    {
        await shopper.GoToPayment();
        (await shopper.Pay()).Refuses(409, "out_of_stock", "/items/0");
    }

    private static async Task<Reply> AskTheBank(Shopper shopper)
    {
        await shopper.GoToPayment();
        var asked = (await shopper.Pay(Asking)).Is(202);
        Assert.Equal("ACTION_REQUIRED", asked.Status());
        return asked;
    }

    private async Task Approve(Shopper shopper)
    {
        await providers.Authenticate(await AskTheBank(shopper), "approve");
        Assert.Equal("COMPLETED", (await shopper.Confirm()).Is(200).Status());
    }

    private async Task FailTheBank(Shopper shopper)
    {
        await providers.Authenticate(await AskTheBank(shopper), "fail");
        (await shopper.Confirm()).Refuses(402, "card_declined");
    }

    private static Task CancelAtTheBank(Shopper shopper) => Then(AskTheBank, Cancel)(shopper);

    /// <summary>Where another buyer holds it, this one is told so, and cancels too: it must be there at the end.</summary>
    private static async Task CancelTheLast(Shopper shopper)
    {
        await shopper.GoToPayment();
        var asked = await shopper.Pay(Asking);
        if (asked.Status != 202)
            asked.Refuses(409, "out_of_stock", "/items/0");
        await Cancel(shopper);
    }
}
