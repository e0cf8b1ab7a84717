using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Addresses;

public sealed record VerifyAddress(Address Address);

public sealed class AddressActivities(IAddressVerifier verifier)
{
    [Function(nameof(VerifyAddress))]
    public Task<AddressCheck> VerifyAddress([ActivityTrigger] VerifyAddress request, CancellationToken cancellation) =>
        verifier.Verify(request.Address, cancellation);
}
