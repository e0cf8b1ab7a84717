using CheckoutFunctions.Domain;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Addresses;

/// <summary>A verifier's answers, told again for a while to whoever writes the same address, letter by letter. A "no" is asked for anew.</summary>
public sealed class CachedAddresses(IAddressVerifier verifier, TimeSpan life, TimeProvider time) : IAddressVerifier, IDisposable
{
    private readonly AnswerCache<AddressCheck> answers = new(verifier.Name, ProviderOperations.Verify, life, time);

    public string Name => verifier.Name;

    public async Task<AddressCheck> Verify(Address address, string? previousResponseId, CancellationToken cancellation)
    {
        // Who lives there is neither asked nor kept: the next buyer's suggestion must not bear this one's name.
        var place = address with { Name = null };
        AddressCheck? own = null;
        var told = await answers.Get(
            AnswerCache.KeyOf(place),
            async asking => own = await verifier.Verify(place, previousResponseId, asking),
            check => check.Verdict is AddressVerdict.Accepted or AddressVerdict.Confirm,
            cancellation);
        // An answer to somebody else's question has no id that this buyer could go on from.
        var check = own ?? told with { ResponseId = null };
        return check.Suggestion is { } suggestion ? check with { Suggestion = suggestion with { Name = address.Name } } : check;
    }

    public void Dispose() => answers.Dispose();
}
