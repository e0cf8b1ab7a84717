using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Addresses;

/// <summary>Says whether mail can reach an address. A fault is a <see cref="ProviderException"/>.</summary>
public interface IAddressVerifier
{
    string Name { get; }

    Task<AddressCheck> Verify(Address address, CancellationToken cancellation);
}

/// <summary>What a verifier says. <paramref name="Suggestion"/> is the address it would write; <paramref name="Issues"/> names what is missing or doubtful.</summary>
public sealed record AddressCheck(AddressVerdict Verdict, Address? Suggestion, IReadOnlyList<string> Issues);

[JsonConverter(typeof(JsonStringEnumConverter<AddressVerdict>))]
public enum AddressVerdict
{
    /// <summary>Deliverable as written.</summary>
    [JsonStringEnumMemberName("accepted")] Accepted,

    /// <summary>Deliverable, but the verifier inferred or replaced something: show the suggestion.</summary>
    [JsonStringEnumMemberName("confirm")] Confirm,

    /// <summary>Not deliverable as written.</summary>
    [JsonStringEnumMemberName("fix")] Fix,

    /// <summary>No verifier answered.</summary>
    [JsonStringEnumMemberName("unverified")] Unverified,
}
