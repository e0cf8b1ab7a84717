using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using LocalHost.Engine;

namespace Benchmarks.Checkouts;

/// <summary>A buyer who knows what she wants: cart, address, shipping method, payment. The commands and their sizes are the HTTP API's.</summary>
internal sealed class CheckoutScript(string id)
{
    /// <summary>The start and three commands.</summary>
    public const int Steps = 4;

    public string Id => id;

    /// <summary>A cart of two lines, as a storefront starts it.</summary>
    public static CheckoutState Cart(string id)
    {
        LineItem[] items =
        [
            new("LAMP-007", "Desk lamp, brass", 1, 8999, null, 1400),
            new("TEA-100", "Assam tea, 100 g", 2, 1250, null, 120),
        ];
        var session = new SessionDocument(
            id, "cart_" + id[4..], CheckoutStatus.Cart, 1, "USD", [], new("ada@example.com"), [], null, null, null, null, null, null, null,
            0, 0, null, SessionPayment.None, null, [], TimeProvider.System.GetUtcNow().AddHours(24));
        return new CheckoutState(session, items, [], new CheckoutLimits()).Reprice();
    }

    /// <summary>Does one step; the answer to a command comes through <see cref="Answers"/>.</summary>
    public async Task Do(int step, LocalDurableTaskClient client)
    {
        if (step == 0)
            await CheckoutClient.Start(client, Cart(id), CancellationToken.None);
        else
            await client.RaiseEventAsync(id, CheckoutCommand.EventName, Command(step));
    }

    /// <summary>Goes through the whole checkout and waits for its end.</summary>
    public async Task Run(LocalDurableTaskClient client, Answers answers)
    {
        await Do(0, client);
        for (var step = 1; step < Steps; step++)
        {
            var answer = answers.Next(KeyOf(step));
            await Do(step, client);
            if (await answer is var code and not AnswerCode.Ok)
                throw new InvalidOperationException($"Step {step} of {id} was answered with {code}.");
        }

        var ended = await client.WaitForInstanceCompletionAsync(id);
        if (ended.RuntimeStatus is not OrchestrationRuntimeStatus.Completed)
            throw new InvalidOperationException($"{id} ended as {ended.RuntimeStatus}.");
    }

    /// <summary>A command's key, as long as the hash of an idempotency key.</summary>
    public static string KeyOf(string id, int step) => Secrets.Hash($"{id}-{step}");

    private CheckoutCommand Command(int step)
    {
        var command = new CheckoutCommand(
            step switch { 1 => CommandKind.SetShippingAddress, 2 => CommandKind.SetShippingMethod, _ => CommandKind.Complete },
            KeyOf(step), KeyOf(step), Secrets.Hash(KeyOf(step)));
        return step switch
        {
            1 => command with { ShippingAddress = new Address("Ada L", "1 Main St", null, "Beverly Hills", "CA", "90210", "US") },
            2 => command with { ShippingMethod = "FedEx_Ground" },
            _ => command with { PaymentToken = "pm_card_visa" },
        };
    }

    private string KeyOf(int step) => KeyOf(id, step);
}
