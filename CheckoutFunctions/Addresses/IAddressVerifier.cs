using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Addresses;

/// <summary>Says whether mail can reach an address. A fault is a <see cref="ProviderException"/>.</summary>
public interface IAddressVerifier
{
    string Name { get; }

    /// <param name="previousResponseId">Of the first answer about an address that the buyer has corrected since; null for a first question.</param>
    Task<AddressCheck> Verify(Address address, string? previousResponseId, CancellationToken cancellation);
}

/// <summary>What a verifier says.</summary>
/// <param name="Suggestion">The address that it would write.</param>
/// <param name="Issues">What is missing or doubtful, each as <c>missing:subpremise</c>: what is wrong, and with which part.</param>
/// <param name="ResponseId">What the next question about this address is to name, once the buyer has corrected it. No buyer sees it.</param>
public sealed record AddressCheck(
    AddressVerdict Verdict,
    Address? Suggestion,
    IReadOnlyList<string> Issues,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ResponseId = null);

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
