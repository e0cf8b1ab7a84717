using System.Collections.Concurrent;
using CheckoutFunctions.Addresses;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;
using LocalHost.Engine;

namespace Benchmarks.Checkouts;

/// <summary>
/// The app's own checkout orchestration. Its activities answer at once, from memory, what the shop and its providers would: what is
/// measured is the engine, and the payloads keep their real shapes and sizes.
/// </summary>
internal sealed class InstantFunctions(Answers answers) : ITaskFunctions
{
    private static readonly RateQuote Rates = new(
        [
            new("FedEx_Ground", "FedEx", "Ground", 1000, 3, "easypost", false),
            new("USPS_Priority", "USPS", "Priority", 1275, 2, "easypost", false),
            new("UPS_2ndDayAir", "UPS", "2ndDayAir", 2190, 2, "easypost", false),
            new("UPS_NextDayAir", "UPS", "NextDayAir", 3500, 1, "easypost", false),
        ],
        []);

    private readonly ConcurrentDictionary<string, CreatePayment> payments = new(StringComparer.Ordinal);

    public bool HasOrchestrator(string name) => name == CheckoutOrchestrator.Name;

    public bool HasActivity(string name) => true;

    public async Task<object?> RunOrchestrator(string name, TaskOrchestrationContext context)
    {
        await CheckoutOrchestrator.Run(context);
        return null;
    }

    public Task<object?> RunActivity(string name, string instanceId, string? inputJson, CancellationToken cancellation) => Task.FromResult(name switch
    {
        nameof(AddressActivities.VerifyAddress) => new AddressCheck(AddressVerdict.Accepted, null, []),
        nameof(ShippingActivities.FetchShippingRates) => Rates,
        nameof(TaxActivities.CalculateTax) => new TaxQuote(1020, null, "taxjar", TimeProvider.System.GetUtcNow()),
        nameof(InventoryActivities.ReserveInventory) => new Reservation(ReservationOutcome.Held),
        nameof(PaymentActivities.CreatePayment) => Create(Read<CreatePayment>(inputJson)),
        nameof(PaymentActivities.AuthorizePayment) => Payment(Read<AuthorizePayment>(inputJson).PaymentId, PaymentState.Authorized),
        nameof(PaymentActivities.CapturePayment) => Payment(Read<CapturePayment>(inputJson).PaymentId, PaymentState.Captured),
        nameof(OrderActivities.PlaceOrder) => new OrderPlacement(OrderPlacementOutcome.Placed),
        nameof(SessionActivities.SaveSession) => Save(Read<SaveSession>(inputJson)),
        nameof(TaxActivities.RecordTax) or nameof(OrderActivities.PublishOrderPlaced) => (object?)null,
        _ => throw new InvalidOperationException($"A checkout that goes well doesn't call {name}."),
    });

    private static T Read<T>(string? json) => DurableJson.Deserialize<T>(json) ?? throw new InvalidOperationException("An activity has no input.");

    private CreatedPayment Create(CreatePayment request)
    {
        var id = "pi_3" + Secrets.Hash(request.Key)[..23];
        payments[id] = request;
        return new(CreatePaymentOutcome.Created, id);
    }

    private Payment Payment(string id, PaymentState state)
    {
        var (created, captured) = (payments[id], state is PaymentState.Captured);
        if (captured)
            payments.TryRemove(id, out _);
        return new(id, state, created.Amount.Amount, created.Amount.Currency, created.CheckoutId, captured ? created.Amount.Amount : 0);
    }

    private object? Save(SaveSession request)
    {
        if (request.Answer is { } answer)
            answers.Give(answer);
        return null;
    }
}
