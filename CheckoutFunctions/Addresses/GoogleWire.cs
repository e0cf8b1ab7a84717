namespace CheckoutFunctions.Addresses;

// What of Google's bodies is used. Proto3 JSON leaves out what is false, empty or zero: nearly everything has a default.
/// <param name="PreviousResponseId">Of the very first answer in a row of questions about one address; left out in the first.</param>
internal sealed record GoogleQuestion(GooglePostalAddress Address, bool EnableUspsCass, string? PreviousResponseId = null);

internal sealed record GooglePostalAddress(
    string? RegionCode = null,
    IReadOnlyList<string>? AddressLines = null,
    string? Locality = null,
    string? AdministrativeArea = null,
    string? PostalCode = null);

internal sealed record GoogleAnswer(GoogleResult Result, string? ResponseId = null);

internal sealed record GoogleResult(GoogleResultVerdict Verdict, GoogleAddress? Address = null, GoogleUsps? UspsData = null);

internal sealed record GoogleResultVerdict(
    string? ValidationGranularity = null,
    bool AddressComplete = false,
    bool HasUnconfirmedComponents = false,
    bool HasReplacedComponents = false,
    string? PossibleNextAction = null);

internal sealed record GoogleAddress(
    GooglePostalAddress? PostalAddress = null,
    IReadOnlyList<GoogleComponent>? AddressComponents = null,
    IReadOnlyList<string>? MissingComponentTypes = null,
    IReadOnlyList<string>? UnconfirmedComponentTypes = null,
    IReadOnlyList<string>? UnresolvedTokens = null);

internal sealed record GoogleComponent(
    string ComponentType = "",
    string? ConfirmationLevel = null,
    bool Inferred = false,
    bool Replaced = false,
    bool SpellCorrected = false,
    bool Unexpected = false);

internal sealed record GoogleUsps(GoogleUspsAddress? StandardizedAddress = null, string? DpvConfirmation = null);

internal sealed record GoogleUspsAddress(
    string? FirstAddressLine = null,
    string? SecondAddressLine = null,
    string? City = null,
    string? State = null,
    string? ZipCode = null);

internal sealed record GoogleErrorAnswer(GoogleError Error);

internal sealed record GoogleError(string? Message = null, string? Status = null);
