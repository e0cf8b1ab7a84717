using System.Text.Json;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Providers;
using CheckoutFunctions.Tests.Sandbox;
using Dapper;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>What is Braintree's own: an id before there is a payment, authorizations that come late, and money that hasn't settled.</summary>
public sealed class BraintreeGatewayTests : IAsyncLifetime
{
    private static readonly Money Total = new(4100, "USD");

    private SandboxBraintreeProvider provider = null!;

    private IPaymentGateway Gateway => provider.Gateway;

    public async Task InitializeAsync() => provider = (SandboxBraintreeProvider)await SandboxBraintreeProvider.Start();

    public async Task DisposeAsync() => await provider.DisposeAsync();

    [Fact]
    public async Task The_paid_path_is_three_calls()
    {
        var id = await Create();
        await Authorize(id);
        await Gateway.Capture(new("k", id, Total), default);

        Assert.Equal([ProviderOperations.Create, ProviderOperations.Confirm, ProviderOperations.Capture], provider.Network.Operations);
    }

    [Fact]
    public async Task The_id_is_ours_holds_no_token_and_goes_along_as_the_order_id()
    {
        var id = await Create();
        await Authorize(id);

        Assert.Matches(@"^chk_1\.[0-9a-f]{20}$", id);
        var input = JsonSerializer.Deserialize<JsonElement>(provider.Network.Bodies[^1]).GetProperty("variables").GetProperty("input");
        Assert.Equal("fake-valid-nonce", input.GetProperty("paymentMethodId").GetString());
        Assert.Equal(("41.00", id), (input.GetProperty("transaction").GetProperty("amount").GetString(), input.GetProperty("transaction").GetProperty("orderId").GetString()));
    }

    [Fact]
    public async Task The_token_is_kept_only_until_it_was_used()
    {
        var (used, closed) = (await Create(key: "chk_1:1:create"), await Create(key: "chk_1:2:create"));
        Assert.Equal(2, await Tokens());

        await Authorize(used);
        await Void(closed);

        Assert.Equal(0, await Tokens());
    }

    [Fact]
    public async Task The_same_key_is_looked_up_once_even_after_its_token_was_used()
    {
        var id = await Create("tokencc_sandbox_valid_a");
        await Authorize(id);

        Assert.Equal(id, await Create("tokencc_sandbox_valid_a"));
        Assert.Single(provider.Network.Operations, ProviderOperations.Create);
    }

    [Fact]
    public async Task An_authorization_that_is_still_on_its_way_keeps_the_void_waiting_and_is_voided_once_it_is_there()
    {
        var id = await LostAuthorization();
        await Assert.ThrowsAsync<ProviderException>(() => Void(id));

        await provider.Network.Arrive();

        Assert.Equal((PaymentState.Voided, 0), await Void(id) is var voided ? (voided.State, voided.Captured) : default);
        Assert.Equal(["voided"], await Ledger());
    }

    [Fact]
    public async Task An_authorization_that_the_search_does_not_show_yet_keeps_the_void_waiting()
    {
        provider.Network.SearchLags = true;
        var id = await LostAuthorization();
        await provider.Network.Arrive();
        await Assert.ThrowsAsync<ProviderException>(() => Void(id));

        provider.Network.SearchLags = false;

        Assert.Equal(PaymentState.Voided, (await Void(id)).State);
        Assert.Equal(["voided"], await Ledger());
    }

    [Fact]
    public async Task An_authorization_that_never_comes_ends_the_wait()
    {
        var id = await LostAuthorization();
        provider.Time.Advance(TimeSpan.FromSeconds(67));
        await Assert.ThrowsAsync<ProviderException>(() => Void(id));

        provider.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(PaymentState.Voided, (await Void(id)).State);
        Assert.Empty(await Ledger());
    }

    [Fact]
    public async Task One_that_comes_after_all_that_is_stated_as_it_is_and_the_next_void_releases_it()
    {
        var id = await LostAuthorization();
        provider.WaitOut();
        await Void(id);
        await provider.Network.Arrive();

        Assert.Equal(PaymentState.Authorized, (await Gateway.Retrieve(id, default)).State);
        Assert.Equal(PaymentState.Authorized, (await Gateway.Capture(new("k", id, Total), default)).State);
        Assert.Equal(PaymentState.Voided, (await Void(id)).State);
        Assert.Equal(["voided"], await Ledger());
    }

    [Fact]
    public async Task An_authorization_whose_payment_was_closed_meanwhile_is_released_by_itself()
    {
        var id = await Create();
        provider.Network.Meanwhile = async () => await Assert.ThrowsAsync<ProviderException>(() => Void(id));

        Assert.Equal(PaymentState.Voided, (await Authorize(id)).State);
        Assert.Equal(["voided"], await Ledger());
    }

    [Fact]
    public async Task After_a_void_nothing_is_sent_any_more()
    {
        var id = await Create();
        await Void(id);

        Assert.Equal(PaymentState.Voided, (await Authorize(id)).State);
        Assert.DoesNotContain(ProviderOperations.Confirm, provider.Network.Operations);
    }

    [Fact]
    public async Task A_single_use_token_holds_once_although_two_authorizations_were_sent()
    {
        var id = await LostAuthorization("tokencc_sandbox_valid_a");
        var held = await Authorize(id);
        await provider.Network.Arrive();

        Assert.Equal(PaymentState.Authorized, held.State);
        Assert.Equal(held, await Authorize(id));
        Assert.Equal(["authorized"], await Ledger());
    }

    [Fact]
    public async Task A_single_use_token_that_the_lost_authorization_used_is_not_a_decline()
    {
        provider.Network.SearchLags = true;
        var id = await LostAuthorization("tokencc_sandbox_valid_a");
        await provider.Network.Arrive();
        await Assert.ThrowsAsync<ProviderException>(() => Authorize(id));

        provider.Network.SearchLags = false;

        Assert.Equal(PaymentState.Authorized, (await Authorize(id)).State);
        Assert.Equal(["authorized"], await Ledger());
    }

    [Fact]
    public async Task A_vaulted_card_is_not_sent_again_while_an_outcome_is_unknown()
    {
        var id = await LostAuthorization("cGF5bWVudG1ldGhvZF9jY19zYW5kYm94");
        await Assert.ThrowsAsync<ProviderException>(() => Authorize(id));
        Assert.Single(provider.Network.Operations, ProviderOperations.Confirm);

        provider.WaitOut();

        Assert.Equal(PaymentState.Authorized, (await Authorize(id)).State);
        Assert.Equal(["authorized"], await Ledger());
    }

    [Fact]
    public async Task One_that_is_rejected_as_a_duplicate_of_ours_is_ours()
    {
        provider.Network.SearchLags = true;
        var id = await LostAuthorization("cGF5bWVudG1ldGhvZF9jY19zYW5kYm94");
        await provider.Network.Arrive();
        provider.WaitOut();

        Assert.Equal(PaymentState.Authorized, (await Authorize(id)).State);
        Assert.Equal(["authorized", "declined"], (await Ledger()).Order());
        Assert.Equal(PaymentState.Captured, (await Gateway.Capture(new("k", id, Total), default)).State);
    }

    [Theory]
    [InlineData("fake-consumed-nonce", "invalid_payment_method")]
    [InlineData("fake-luhn-invalid-nonce", "incorrect_number")]
    [InlineData("tokencc_sandbox_gone", "invalid_payment_method")]
    [InlineData("tokencc_sandbox_3ds_a", "authentication_required")]
    [InlineData("fake-gateway-rejected-fraud-nonce", "fraudulent")]
    [InlineData("fake-processor-declined-visa-nonce", "do_not_honor")]
    [InlineData("fake-processor-failure-jcb-nonce", "try_again_later")]
    public async Task What_Braintree_refuses_to_authorize_is_a_decline_and_stays_one(string token, string code)
    {
        var id = await Create(token);
        var declined = await Authorize(id);

        Assert.Equal(new Payment(id, PaymentState.Declined, 4100, "USD", "chk_1", DeclineCode: code), declined);
        Assert.Equal(declined, await Authorize(id));
        Assert.Equal(declined, await Gateway.Retrieve(id, default));
        Assert.Single(provider.Network.Operations, ProviderOperations.Confirm);
    }

    [Fact]
    public async Task A_capture_that_has_not_settled_is_reversed_as_a_whole()
    {
        await Hold(true);
        var id = await Captured();
        var returned = await Void(id);

        Assert.Equal(new Payment(id, PaymentState.Refunded, 4100, "USD", "chk_1", Captured: 4100, Refunded: 4100), returned);
        Assert.Equal(returned, await Void(id));
        Assert.Equal(returned, await Gateway.Retrieve(id, default));
        Assert.Equal(["voided"], await Ledger());
    }

    [Theory]
    [InlineData(Fault.TimeoutAfter)]
    [InlineData(Fault.Malformed)]
    [InlineData(Fault.Http500After)]
    public async Task A_refund_of_all_before_it_settled_is_found_by_its_key(Fault fault)
    {
        await Hold(true);
        var id = await Captured();
        await provider.Fail(ProviderOperations.Cancel, fault);

        var refund = await Refund(id, 4100);

        Assert.Equal((PaymentRefundState.Succeeded, 4100, "USD"), (refund.State, refund.Amount, refund.Currency));
        Assert.Equal(refund, await Refund(id, 4100));
        Assert.Equal(refund, await Gateway.FindRefund(new("ref_1:1:refund", id), default));
        Assert.Equal(PaymentRefundState.None, (await Gateway.FindRefund(new("ref_2:1:refund", id), default)).State);
        Assert.Equal(PaymentRefundState.Refused, (await Refund(id, 1, "ref_2:1:refund")).State);
    }

    [Fact]
    public async Task A_part_waits_until_the_payment_settles()
    {
        await Hold(true);
        var id = await Captured();
        var waits = await Assert.ThrowsAsync<ProviderException>(() => Refund(id, 1000));
        Assert.Contains("settles", waits.Message, StringComparison.Ordinal);

        await Hold(false);

        Assert.Equal((PaymentRefundState.Succeeded, 1000), await Refund(id, 1000) is var refund ? (refund.State, refund.Amount) : default);
        Assert.Equal(1000, (await Gateway.Retrieve(id, default)).Refunded);
    }

    [Fact]
    public async Task A_part_that_is_on_its_way_is_not_sent_again()
    {
        var id = await Captured();
        provider.Network.Late = ProviderOperations.Refund;
        await Assert.ThrowsAsync<ProviderException>(() => Refund(id, 1000));
        await Assert.ThrowsAsync<ProviderException>(() => Refund(id, 1000));
        Assert.Single(provider.Network.Operations, ProviderOperations.Refund);

        await provider.Network.Arrive();

        Assert.Equal(PaymentRefundState.Succeeded, (await Refund(id, 1000)).State);
        Assert.Equal(1000, (await Gateway.Retrieve(id, default)).Refunded);
    }

    [Fact]
    public async Task Money_given_back_that_bounces_goes_back_again_only_when_somebody_says_so()
    {
        var id = await Captured("tokencc_sandbox_refundfail_a");
        Assert.Equal(PaymentState.Refunded, (await Void(id)).State);
        Assert.Equal((PaymentState.Captured, 0), await Gateway.Retrieve(id, default) is var bounced ? (bounced.State, bounced.Refunded) : default);
        Assert.Contains("Failed", (await Assert.ThrowsAsync<ProviderException>(() => Void(id))).Message, StringComparison.Ordinal);
        Assert.Single(provider.Network.Operations, ProviderOperations.Refund);

        Assert.Equal(PaymentState.Refunded, (await Gateway.Void(new("chk_1:1:void", id, Again: 1), default)).State);
        await Assert.ThrowsAsync<ProviderException>(() => Gateway.Void(new("chk_1:1:void", id, Again: 1), default));
        Assert.Equal(2, provider.Network.Operations.Count(operation => operation == ProviderOperations.Refund));
    }

    [Fact]
    public async Task A_refund_that_bounces_says_so_and_another_key_is_another_try()
    {
        var id = await Captured("tokencc_sandbox_refundfail_a");
        Assert.Equal(PaymentRefundState.Succeeded, (await Refund(id, 1000)).State);

        var failed = await Gateway.FindRefund(new("ref_1:1:refund", id), default);

        Assert.Equal((PaymentRefundState.Failed, 1000), (failed.State, failed.Amount));
        Assert.False(string.IsNullOrEmpty(failed.Reason));
        Assert.Equal(failed, await Refund(id, 1000));
        Assert.Equal(PaymentRefundState.Succeeded, (await Refund(id, 1000, "ref_1:2:refund")).State);
    }

    [Fact]
    public async Task A_day_old_creation_is_not_made_and_asks_nothing()
    {
        var since = provider.Now;
        provider.Pass(TimeSpan.FromHours(25));

        await Assert.ThrowsAsync<ProviderException>(() => Gateway.Create(new("chk_1:1:create", "chk_1", Total, "fake-valid-nonce", since), default));

        Assert.Empty(provider.Network.Operations);
    }

    [Fact]
    public async Task Payments_are_listed_over_all_pages_and_those_of_others_are_left_out()
    {
        var ids = new List<string>();
        for (var count = 1; count <= 53; count++)
        {
            ids.Insert(0, await Create(key: $"chk_1:{count}:create"));
            await Authorize(ids[0]);
        }

        await provider.Sandbox.BraintreeAuthorized(orderId: "somebody else's");
        await provider.Sandbox.BraintreeAuthorized(orderId: null);
        provider.Network.Operations.Clear();

        var listed = await Gateway.List(DateTimeOffset.UnixEpoch, default).ToListAsync();

        Assert.Equal(ids, listed.Select(one => one.Payment.Id));
        Assert.All(listed, one => Assert.Equal("chk_1", one.Payment.Reference));
        Assert.Equal([ProviderOperations.Search, ProviderOperations.Search], provider.Network.Operations);
    }

    [Fact]
    public async Task A_second_hold_under_one_payment_is_listed_under_an_id_of_its_own_and_released_without_the_first()
    {
        var id = await Captured();
        await provider.Sandbox.BraintreeAuthorized("fake-valid-visa-nonce", orderId: id);

        var listed = await Gateway.List(DateTimeOffset.UnixEpoch, default).ToListAsync();
        var stray = Assert.Single(listed, one => one.Payment.Id != id).Payment;
        Assert.Equal((PaymentState.Authorized, "chk_1"), (stray.State, stray.Reference));
        Assert.Equal(stray, await Gateway.Retrieve(stray.Id, default));

        Assert.Equal(PaymentState.Voided, (await Void(stray.Id)).State);

        Assert.Equal((PaymentState.Captured, 0), await Gateway.Retrieve(id, default) is var paid ? (paid.State, paid.Refunded) : default);
        Assert.Equal(["captured", "voided"], (await Ledger()).Order());
        Assert.Single(await Gateway.List(DateTimeOffset.UnixEpoch, default).ToListAsync());
    }

    [Theory]
    [InlineData(4100, "JPY", "4100")]
    [InlineData(4100, "EUR", "41.00")]
    [InlineData(4105, "KWD", "4.105")]
    public async Task Amounts_are_written_in_the_currencys_own_decimals_and_charged_to_its_account(long amount, string currency, string written)
    {
        var gateway = await provider.Apps.Start(
            provider.Network, $"{provider.Sandbox.Http.BaseAddress}braintree", ($"Braintree:MerchantAccounts:{currency}", $"sandbox_{currency}"));
        var id = (await gateway.Create(new("k", "chk_1", new(amount, currency), "fake-valid-nonce"), default)).PaymentId!;

        Assert.Equal(new Payment(id, PaymentState.Authorized, amount, currency, "chk_1"), await gateway.Authorize(new("k", id), default));
        Assert.Contains($"\"amount\":\"{written}\"", provider.Network.Bodies[^1], StringComparison.Ordinal);
        Assert.Equal(
            (CreatePaymentOutcome.Refused, "currency_not_supported"),
            await gateway.Create(new("k2", "chk_1", new(1000, "PLN"), "fake-valid-nonce"), default) is var refused ? (refused.Outcome, refused.Reason) : default);
    }

    private async Task<string> Create(string token = "fake-valid-nonce", string key = "chk_1:1:create") =>
        (await Gateway.Create(new(key, "chk_1", Total, token), default)).PaymentId!;

    private Task<Payment> Authorize(string id) => Gateway.Authorize(new("chk_1:1:authorize", id), default);

    private Task<Payment> Void(string id) => Gateway.Void(new("chk_1:1:void", id), default);

    private Task<PaymentRefund> Refund(string id, long amount, string key = "ref_1:1:refund") => Gateway.Refund(new(key, id, new(amount, "USD")), default);

    private async Task<string> Captured(string token = "fake-valid-nonce")
    {
        var id = await Create(token);
        await Authorize(id);
        await Gateway.Capture(new("chk_1:1:capture", id, Total), default);
        return id;
    }

    /// <summary>Its authorization was sent and hasn't arrived.</summary>
    private async Task<string> LostAuthorization(string token = "fake-valid-nonce")
    {
        var id = await Create(token);
        provider.Network.Late = ProviderOperations.Confirm;
        await Assert.ThrowsAsync<ProviderException>(() => Authorize(id));
        return id;
    }

    private async Task Hold(bool held) => Assert.Equal(
        200, (await provider.Sandbox.Json(HttpMethod.Post, "/_sandbox/settlement", null, new { mode = held ? "held" : "at_once" })).Status);

    private async Task<IReadOnlyList<string>> Ledger() =>
        [.. (await provider.Sandbox.Ledger()).GetProperty("payments").EnumerateArray().Select(payment => payment.GetProperty("state").GetString()!)];

    private Task<int> Tokens() => provider.Apps.Database.Read(connection => connection.ExecuteScalarAsync<int>("SELECT COUNT(token) FROM braintree_payments"));
}
