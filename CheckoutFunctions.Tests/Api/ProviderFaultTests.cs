namespace CheckoutFunctions.Tests.Api;

/// <summary>Address, rates and tax while their provider is down.</summary>
public class ProviderFaultTests
{
    private static readonly string[] Kinds = ["timeout_before", "http_500", "http_429", "malformed", "connection_reset"];

    [Fact]
    public Task Without_Google_the_address_is_taken_unverified() => WhileDown("google", async (shop, _) =>
    {
        var ada = await shop.Shopper();

        var addressed = (await ada.ShipTo(Shopper.BeverlyHills)).Is(200);

        Assert.Equal("unverified", addressed["address_check"].GetProperty("verdict").GetString());
        Assert.Equal("address_unverified", addressed["messages"][0].GetProperty("code").GetString());
        (await ada.Choose(Shopper.Ground)).Is(200);
        (await ada.Pay()).Is(200);
    });

    [Fact]
    public Task Without_EasyPost_no_address_can_be_shipped_to_until_it_is_back() => WhileDown("easypost", async (shop, recover) =>
    {
        var ada = await shop.Shopper();

        (await ada.IsUnchangedBy(() => Shopper.Insist(() => ada.ShipTo(Shopper.BeverlyHills)))).Refuses(503, "shipping_unavailable");

        await recover();
        await ada.GoToPayment();
    });

    [Fact]
    public Task Without_TaxJar_no_method_can_be_chosen_until_it_is_back() => WhileDown("taxjar", async (shop, recover) =>
    {
        var ada = await shop.Shopper();
        (await ada.ShipTo(Shopper.BeverlyHills)).Is(200);

        var refused = (await ada.IsUnchangedBy(() => Shopper.Insist(() => ada.Choose(Shopper.Ground)))).Refuses(503, "tax_unavailable");

        Assert.True(refused.Headers.ContainsKey("Retry-After"));
        await recover();
        (await ada.Choose(Shopper.Ground)).Is(200).AddsUp();
    });

    [Fact]
    public async Task Tax_that_couldnt_be_recorded_at_once_is_recorded_later()
    {
        await using var shop = await Shop.Open();
        var ada = await shop.ReadyShopper();
        await shop.Providers.Fail("taxjar", "record", "http_500");

        (await ada.Pay()).Is(200);

        for (var look = 0; (await shop.Providers.Ledger()).GetProperty("tax_documents").GetArrayLength() == 0; look++)
        {
            Assert.True(look < 300, "The tax was never recorded.");
            await Task.Delay(100);
        }
    }

    private static Task WhileDown(string provider, Func<Shop, Func<Task>, Task> act) => Task.WhenAll(Kinds.Select(async kind =>
    {
        try
        {
            await using var shop = await Shop.Open(($"{provider}:TimeoutSeconds", "0.5"));
            await shop.Providers.Fail(provider, "*", kind, times: 1000);
            await act(shop, shop.Providers.Recover);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"With {kind}: {failure.Message}", failure);
        }
    }));
}
