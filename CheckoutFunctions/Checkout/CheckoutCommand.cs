using System.Text.Json;
using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Checkout;

/// <summary>What a buyer or an operator wants of a checkout: the payload of the one event that its orchestration waits for.</summary>
/// <param name="Key">The idempotency key's hash, or unique to the request.</param>
/// <param name="RequestId">Unique to the request: where an answer that isn't remembered under the key is found.</param>
/// <param name="RequestHash">Of the request's body.</param>
/// <param name="KeyIsDerived">The client gave no key: only answers that settle the matter are remembered under it.</param>
public sealed record CheckoutCommand(CommandKind Kind, string Key, string RequestId, string RequestHash, bool KeyIsDerived = false)
{
    public const string EventName = "Command";

    public Customer? Customer { get; init; }

    public IReadOnlyList<string>? DiscountCodes { get; init; }

    public Address? ShippingAddress { get; init; }

    public string? ShippingMethod { get; init; }

    public string? PaymentToken { get; init; }

    /// <summary>What the buyer agreed to pay, in minor units; null: whatever the session says.</summary>
    public long? AgreedTotal { get; init; }

    /// <summary>Which payment the provider's signal is about.</summary>
    public string? PaymentId { get; init; }

    /// <summary>An event is read as JSON and checked: whoever can raise one must not be able to break a checkout.</summary>
    public static CheckoutCommand? TryRead(JsonElement payload)
    {
        // An event raised without a payload has no JSON at all, which can't even be deserialized.
        if (payload.ValueKind != JsonValueKind.Object)
            return null;

        try
        {
            var command = payload.Deserialize<CheckoutCommand>(Lenient);
            return command is { Key: not null, RequestId: not null, RequestHash: not null } && command.IsComplete ? command : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool IsComplete => Kind switch
    {
        CommandKind.SetCustomer => Customer is { Email: not null },
        CommandKind.SetDiscounts => DiscountCodes is not null && DiscountCodes.All(code => code is not null),
        CommandKind.SetShippingAddress => ShippingAddress is { Line1: not null, Country: not null },
        CommandKind.SetShippingMethod => ShippingMethod is not null,
        CommandKind.Complete => PaymentToken is not null,
        CommandKind.PaymentChanged => PaymentId is not null,
        // A number beyond the last kind is read as one, too.
        _ => Enum.IsDefined(Kind),
    };

    private static readonly JsonSerializerOptions Lenient = new() { PropertyNameCaseInsensitive = true };
}

[JsonConverter(typeof(JsonStringEnumConverter<CommandKind>))]
public enum CommandKind
{
    SetCustomer,
    SetDiscounts,
    SetShippingAddress,
    SetShippingMethod,
    Complete,

    /// <summary>The buyer did what the provider asked for, or says so.</summary>
    ConfirmPayment,
    Cancel,

    /// <summary>An operator: try the parked compensation again.</summary>
    Retry,

    /// <summary>The provider: look at this payment again. Nobody waits for an answer.</summary>
    PaymentChanged,
}
