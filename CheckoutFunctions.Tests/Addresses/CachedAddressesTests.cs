using CheckoutFunctions.Addresses;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Tests.Addresses;

public sealed class CachedAddressesTests : IDisposable
{
    private static readonly Address Home = new("Ada Lovelace", "12 Analytical Rd", "Apt 7", "Springfield", "IL", "62701", "US");

    private readonly ManualTimeProvider time = new();
    private readonly Verifier verifier = new();
    private readonly CachedAddresses addresses;

    public CachedAddressesTests() => addresses = new(verifier, TimeSpan.FromMinutes(60), time);

    public void Dispose() => addresses.Dispose();

    [Fact]
    public async Task The_next_buyers_suggestion_bears_the_next_buyers_name()
    {
        verifier.Check = new(AddressVerdict.Confirm, Home with { Name = null, Zip = "62704" }, ["replaced:postal_code"]);
        Assert.Equal("Ada Lovelace", (await Verify(Home)).Suggestion!.Name);
        Assert.Equal(Home with { Name = "Charles Babbage", Zip = "62704" }, (await Verify(Home with { Name = "Charles Babbage" })).Suggestion);
        Assert.Null(Assert.Single(verifier.Asked).Address.Name);
    }

    [Fact]
    public async Task The_answers_id_is_for_who_asked()
    {
        verifier.Check = new(AddressVerdict.Confirm, null, ["missing:subpremise"], "r-1");
        Assert.Equal("r-1", (await Verify(Home)).ResponseId);
        Assert.Null((await Verify(Home)).ResponseId);
    }

    [Theory]
    [InlineData(AddressVerdict.Accepted, 1)]
    [InlineData(AddressVerdict.Confirm, 1)]
    [InlineData(AddressVerdict.Fix, 2)]
    [InlineData(AddressVerdict.Unverified, 2)]
    public async Task A_no_is_asked_for_anew(AddressVerdict verdict, int asked)
    {
        verifier.Check = new(verdict, null, []);
        await Verify(Home);
        await Verify(Home);
        Assert.Equal(asked, verifier.Asked.Count);
    }

    [Fact]
    public async Task Another_letter_is_another_address()
    {
        await Verify(Home);
        await Verify(Home with { Line1 = "12 analytical rd" });
        await Verify(Home with { Line2 = "Apt 8" });
        Assert.Equal(3, verifier.Asked.Count);
    }

    [Fact]
    public async Task After_an_hour_it_is_asked_again_with_the_id_that_it_is_to_name()
    {
        await Verify(Home);
        time.Advance(TimeSpan.FromMinutes(60));
        await Verify(Home, "r-0");
        Assert.Equal([null, "r-0"], verifier.Asked.Select(asked => asked.Previous));
    }

    private Task<AddressCheck> Verify(Address address, string? previous = null) => addresses.Verify(address, previous, CancellationToken.None);

    private sealed class Verifier : IAddressVerifier
    {
        public string Name => "Verifier";

        public AddressCheck Check { get; set; } = new(AddressVerdict.Accepted, null, []);

        public List<(Address Address, string? Previous)> Asked { get; } = [];

        public Task<AddressCheck> Verify(Address address, string? previousResponseId, CancellationToken cancellation)
        {
            Asked.Add((address, previousResponseId));
            return Task.FromResult(Check);
        }
    }
}
