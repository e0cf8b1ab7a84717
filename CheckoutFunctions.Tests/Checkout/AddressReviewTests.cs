using CheckoutFunctions.Addresses;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Webhooks;

namespace CheckoutFunctions.Tests.Checkout;

/// <summary>A buyer corrects an address: what the verifier is told of before, and what the buyer reads.</summary>
public sealed class AddressReviewTests
{
    private static readonly Address Home = new("Ada L", "1 Main St", null, "Beverly Hills", "CA", "90210", "US");

    private readonly Verifier verifier = new();

    [Fact]
    public async Task Each_correction_names_the_first_answer_until_one_is_accepted()
    {
        using var checkout = await Open();
        await Say(checkout, new(AddressVerdict.Fix, null, ["missing:street_number"], "r-1"));
        await Say(checkout, new(AddressVerdict.Confirm, null, ["missing:subpremise"], "r-2"));
        verifier.IsDown = true;
        await Say(checkout, new(AddressVerdict.Accepted, null, [], "r-3"));
        verifier.IsDown = false;
        await Say(checkout, new(AddressVerdict.Accepted, null, [], "r-4"));
        await Say(checkout, new(AddressVerdict.Accepted, null, [], "r-5"));

        // The start's own; then Fix; its correction; one while Google is down (asked again by retries); one that is accepted; a new address.
        Assert.Equal([null, null, "r-1", "r-1", "r-1", null], verifier.Previous);
    }

    [Fact]
    public async Task The_id_is_shown_to_nobody()
    {
        using var checkout = await Open();
        await Say(checkout, new(AddressVerdict.Confirm, null, ["missing:subpremise"], "r-secret"));
        Assert.DoesNotContain("r-secret", Json.Write(await checkout.Session()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_buyer_reads_what_to_check_and_where()
    {
        using var checkout = await Open();
        await Say(checkout, new(AddressVerdict.Confirm, null, ["missing:subpremise"]));
        Assert.Equal(
            [new(MessageSeverity.Warning, "address_missing_unit", "This building has several units: please add the apartment or unit number.", "/shipping_address/line2")],
            (await checkout.Session()).Messages);
    }

    [Fact]
    public async Task A_refused_address_is_explained_in_words_field_by_field()
    {
        using var checkout = await Open();
        var answer = await Say(checkout, new(AddressVerdict.Fix, null, ["missing:street_number", "unresolved:xyz", "something:new"]));
        Assert.Equal(AnswerCode.AddressUndeliverable, answer.Code);
        Assert.Equal("Mail can't be delivered to this address. The house number is missing. We can't make sense of “xyz” in this address.", answer.Detail);
        Assert.Equal(
            [new("/line1", "The house number is missing."), new AnswerError("/line1", "We can't make sense of “xyz” in this address.")],
            answer.Errors!);
    }

    [Fact]
    public async Task A_country_that_no_verifier_covers_is_said_so()
    {
        using var checkout = await Open();
        await Say(checkout, new(AddressVerdict.Unverified, null, ["unsupported:country"]));
        Assert.StartsWith("Addresses in this country", Assert.Single((await checkout.Session()).Messages).Text, StringComparison.Ordinal);
    }

    private async Task<ThreeDSecureCheckout> Open()
    {
        var checkout = new ThreeDSecureCheckout(addresses: verifier);
        await checkout.Prepare();
        await checkout.Start();
        return checkout;
    }

    private async Task<CommandAnswer> Say(ThreeDSecureCheckout checkout, AddressCheck check)
    {
        verifier.Check = check;
        var command = await checkout.ShipTo(Home);
        await checkout.Pass(TimeSpan.FromMinutes(1));
        return (await checkout.FullAnswerTo(command))!;
    }

    private sealed class Verifier : IAddressVerifier
    {
        public string Name => "Verifier";

        public AddressCheck Check { get; set; } = new(AddressVerdict.Accepted, null, []);

        public bool IsDown { get; set; }

        /// <summary>What each question named; a question that is tried again counts once.</summary>
        public List<string?> Previous { get; } = [];

        public Task<AddressCheck> Verify(Address address, string? previousResponseId, CancellationToken cancellation)
        {
            if (!IsDown || !failed)
                Previous.Add(previousResponseId);
            failed = IsDown;
            return IsDown ? throw new ProviderException(Name, "verify", "down") : Task.FromResult(Check);
        }

        private bool failed;
    }
}
