using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Addresses;

/// <param name="PreviousResponseId">Of the first answer about this address, where the buyer has corrected it since.</param>
public sealed record VerifyAddress(
    Address Address,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PreviousResponseId = null);

public sealed class AddressActivities(IAddressVerifier verifier)
{
    [Function(nameof(VerifyAddress))]
    public Task<AddressCheck> VerifyAddress([ActivityTrigger] VerifyAddress request, CancellationToken cancellation) =>
        verifier.Verify(request.Address, request.PreviousResponseId, cancellation);
}
