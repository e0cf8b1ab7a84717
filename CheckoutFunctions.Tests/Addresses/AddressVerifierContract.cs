using System.Net;
using CheckoutFunctions.Addresses;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Tests.Providers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Addresses;

/// <summary>What every address verifier promises.</summary>
public abstract class AddressVerifierContract : ProviderContract
{
    protected static readonly Address Typed = new("Ada Lovelace", "12 Analytical Rd", "Apt 7", "Springfield", "IL", "62701", "US");

    /// <summary>The provider's words for: deliverable as written.</summary>
    protected abstract void Accepts();

    /// <summary>… it would replace the ZIP of <see cref="Typed"/> by 62704.</summary>
    protected abstract void ReplacesZip();

    /// <summary>… not deliverable, the street number is missing.</summary>
    protected abstract void Refuses();

    /// <summary>… deliverable, but for the unit that is missing.</summary>
    protected abstract void MissesUnit();

    /// <summary>… it doesn't cover that country.</summary>
    protected abstract void DoesNotKnowTheCountry();

    [Fact]
    public async Task An_address_deliverable_as_written_is_accepted_without_a_suggestion()
    {
        Accepts();
        Assert.Equivalent(new AddressCheck(AddressVerdict.Accepted, null, []), await Verify(Typed) with { ResponseId = null }, strict: true);
    }

    [Fact]
    public async Task A_replaced_part_is_for_the_buyer_to_confirm()
    {
        ReplacesZip();
        var check = await Verify(Typed);
        Assert.Equal(AddressVerdict.Confirm, check.Verdict);
        Assert.Equal(Typed with { Zip = "62704" }, check.Suggestion);
        Assert.Equal(["replaced:postal_code"], check.Issues);
    }

    [Fact]
    public async Task An_undeliverable_address_is_to_be_fixed()
    {
        Refuses();
        var check = await Verify(Typed);
        Assert.Equal(AddressVerdict.Fix, check.Verdict);
        Assert.Contains("missing:street_number", check.Issues);
    }

    [Fact]
    public async Task A_missing_unit_is_asked_for()
    {
        MissesUnit();
        var check = await Verify(Typed with { Line2 = null });
        Assert.Equal((AddressVerdict.Confirm, null), (check.Verdict, check.Suggestion));
        Assert.Equal(["missing:subpremise"], check.Issues);
    }

    [Fact]
    public async Task One_that_asks_for_patience_is_a_fault_and_no_verdict()
    {
        Fake.Answers(HttpStatusCode.TooManyRequests, "{}", retryAfter: "7");
        var fault = await Assert.ThrowsAsync<ProviderException>(() => Verify(Typed));
        Assert.Equal((Provider, "verify"), (fault.Provider, fault.Operation));
    }

    [Fact]
    public async Task A_correction_names_the_first_answer()
    {
        Refuses();
        var first = await Verify(Typed);
        Accepts();
        await Verify(Typed, previous: first.ResponseId);
        Assert.NotNull(first.ResponseId);
        Assert.DoesNotContain(first.ResponseId, Fake.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains(first.ResponseId, Fake.Requests[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_country_that_the_verifier_does_not_cover_is_unverified()
    {
        DoesNotKnowTheCountry();
        Assert.Equivalent(new AddressCheck(AddressVerdict.Unverified, null, ["unsupported:country"]), await Verify(Typed), strict: true);
    }

    [Fact]
    public async Task The_buyers_name_is_not_told()
    {
        Accepts();
        await Verify(Typed);
        Assert.DoesNotContain("Lovelace", Fake.Requests.Single().Body, StringComparison.Ordinal);
    }

    protected override void Add(IServiceCollection services, IConfiguration configuration) => services.AddAddresses(configuration);

    protected override Task Ask(CancellationToken cancellation) => Verify(Typed with { Name = "Ada" }, cancellation);

    protected Task<AddressCheck> Verify(Address address, CancellationToken cancellation = default, string? previous = null) =>
        Services.GetRequiredService<AddressActivities>().VerifyAddress(new(address, previous), cancellation);
}
