using System.Text.RegularExpressions;
using CheckoutFunctions.Tests.Rules;

namespace CheckoutFunctions.Tests.Api;

/// <summary>
/// The README's table of what a buyer sees while a provider is in trouble, measured through the HTTP API with the sandbox's faults: each of its cells
/// is what came out here, word for word. Two providers for rates and for tax, the shop's own table behind the rates, and nothing in the caches.
/// </summary>
public sealed class ChaosTableTests
{
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["down"] = "connection_reset",
        ["slow"] = "slow",
        ["errors"] = "http_500",
        ["garbage"] = "malformed",
    };

    private static readonly Dictionary<string, Func<Shop, Func<string[], Task>, Task<string>>> Rows = new(StringComparer.Ordinal)
    {
        ["Google"] = (shop, breaks) => Buys(shop, () => breaks(["google"])),
        ["Shippo"] = (shop, breaks) => Buys(shop, () => breaks(["shippo"])),
        ["EasyPost"] = (shop, breaks) => Buys(shop, () => breaks(["easypost"])),
        ["Shippo and EasyPost"] = (shop, breaks) => Buys(shop, () => breaks(["shippo", "easypost"])),
        ["TaxJar"] = (shop, breaks) => Buys(shop, () => breaks(["taxjar"])),
        ["Avalara"] = (shop, breaks) => Buys(shop, () => breaks(["avalara"])),
        ["TaxJar and Avalara"] = (shop, breaks) => Buys(shop, () => breaks(["taxjar", "avalara"])),
        ["both, once the buyer pays"] = (shop, breaks) => Pays(shop, () => breaks(["taxjar", "avalara"]), age: TimeSpan.Zero),
        ["both, and the quote is old"] = (shop, breaks) => Pays(shop, () => breaks(["taxjar", "avalara"]), age: TimeSpan.FromMinutes(31)),
    };

    private static readonly Dictionary<string, string> PaymentTokens = new(StringComparer.Ordinal) { ["Stripe"] = "pm_card_visa", ["Braintree"] = "fake-valid-nonce" };

    private static readonly IReadOnlyList<IReadOnlyList<string>> Table = ReadTable();

    public static TheoryData<string> Columns => [.. Kinds.Keys];

    [Fact]
    public void The_table_has_a_row_for_each_provider_and_a_column_for_each_trouble()
    {
        Assert.Equal(["provider", .. Kinds.Keys], Table[0]);
        Assert.Equal(Rows.Keys.Concat(PaymentTokens.Keys), Table.Skip(2).Select(row => row[0]));
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public async Task Rates_taxes_and_addresses_are_as_the_table_says(string column)
    {
        await using var shop = await Open(column);
        Assert.Equal("sold", await Buys(shop, () => Task.CompletedTask));
        var measured = new List<string>();
        foreach (var (row, measure) in Rows)
        {
            measured.Add($"{row}: {await measure(shop, providers => Break(shop, column, providers))}");
            await shop.Providers.Recover();
        }

        Assert.Equal(Rows.Keys.Select(row => $"{row}: {Cell(row, column)}"), measured);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public async Task Payments_are_as_the_table_says(string column)
    {
        foreach (var (provider, token) in PaymentTokens)
        {
            await using var shop = await Open(column, ("Payments:Provider", provider));
            var ada = await Ready(shop);
            await Break(shop, column, provider.ToLowerInvariant());

            var measured = await Paid(shop, ada, token, () => shop.Providers.Recover());

            Assert.Equal($"{provider}: {Cell(provider, column)}", $"{provider}: {measured}");
        }
    }

    /// <summary>
    /// In time: Checkout/RequoteBudgetTests. Here, that a complete with an old quote asks each provider once, and with a young one nobody.
    /// </summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(31, 1)]
    public async Task Completing_with_tax_down_asks_each_provider_once_and_no_more(int age, int times)
    {
        await using var shop = await Open("down");
        var ada = await Ready(shop);
        shop.Ahead += TimeSpan.FromMinutes(age);
        await Break(shop, "down", "taxjar", "avalara");
        var before = await Asked(shop);

        (await ada.PayAndWait()).Is(200);

        Assert.Equal([before[0] + times, before[1] + times], await Asked(shop));
    }

    /// <summary>A purchase from the first call to the last, with the trouble there from the beginning.</summary>
    private static async Task<string> Buys(Shop shop, Func<Task> breaks)
    {
        await breaks();
        var ada = await shop.Shopper();
        var addressed = await Shopper.Insist(() => ada.ShipTo(Shopper.BeverlyHills));
        if (addressed.Status != 200)
            return $"{addressed.Status} `{addressed.Text("code")}`";
        var chosen = await Shopper.Insist(() => ada.Choose(Shopper.Ground));
        if (chosen.Status != 200)
            return $"{chosen.Status} `{chosen.Text("code")}`";

        chosen.AddsUp();
        var paid = (await ada.PayAndWait()).Is(200);
        await shop.Providers.WerePaidOnce(ada, chosen.Number("grand_total"));
        Assert.Equal(chosen.Number("grand_total"), paid.Number("grand_total"));
        return string.Join(", ", Notable(addressed, chosen).Append("sold"));
    }

    private static IEnumerable<string> Notable(Reply addressed, Reply chosen)
    {
        var verdict = addressed["address_check"].GetProperty("verdict").GetString();
        var rates = addressed["shipping_rates"].EnumerateArray().ToList();
        var from = string.Join(" and ", rates.Select(rate => rate.GetProperty("provider").GetString()).Distinct().Order(StringComparer.Ordinal));
        var tax = chosen["tax"];
        if (verdict != "accepted")
            yield return $"address `{verdict}`";
        if (from != "easypost and shippo")
            yield return rates.All(rate => rate.GetProperty("estimated").GetBoolean()) ? $"rates of the shop's {from}, `estimated`" : $"rates of `{from}`";
        if (tax.GetProperty("source").GetString() is var source && source != "taxjar")
            yield return $"tax by `{source}`{(tax.GetProperty("estimated").GetBoolean() ? ", `estimated`" : "")}";
    }

    /// <summary>The buyer has seen the total, and the trouble begins; the quote may be old by then.</summary>
    private static async Task<string> Pays(Shop shop, Func<Task> breaks, TimeSpan age)
    {
        var ada = await Ready(shop);
        var seen = (await ada.Get()).Is(200).Number("grand_total");
        shop.Ahead += age;
        await breaks();
        var paid = (await ada.PayAndWait()).Is(200);
        await shop.Providers.WerePaidOnce(ada, seen);
        return paid.Number("grand_total") == seen ? "the price holds, sold" : "another price";
    }

    private static async Task<string> Paid(Shop shop, Shopper ada, string token, Func<Task> recover)
    {
        var answer = await ada.PayAndWait(token);
        if (answer.Status == 200)
        {
            await shop.Providers.WerePaidOnce(ada, answer.Number("grand_total"));
            return "sold, later";
        }

        Assert.True(answer.Headers.ContainsKey("Retry-After"), answer.Body);
        await shop.Providers.HoldNothing(ada);
        await recover();
        var paid = (await Shopper.Insist(() => ada.Pay(token, key: "again"))).Is(200);
        await shop.Providers.WerePaidOnce(ada, paid.Number("grand_total"));
        return $"{answer.Status} `{answer.Text("code")}`, nothing charged, cart kept; sold once it is back";
    }

    private static async Task<Shopper> Ready(Shop shop)
    {
        var ada = await shop.Shopper();
        (await Shopper.Insist(() => ada.ShipTo(Shopper.BeverlyHills))).Is(200);
        (await Shopper.Insist(() => ada.Choose(Shopper.Ground))).Is(200);
        return ada;
    }

    /// <summary>What is asked for rates, taxes and addresses; a slow one answers after its time-out, a payment provider before it.</summary>
    private static async Task Break(Shop shop, string column, params string[] providers)
    {
        foreach (var provider in providers)
            await shop.Providers.Fail(provider, "*", Kinds[column], times: 1000, delayMs: column != "slow" ? 0 : PaymentTokens.ContainsKey(Title(provider)) ? 1000 : 60_000);
    }

    private static string Title(string provider) => char.ToUpperInvariant(provider[0]) + provider[1..];

    private static Task<Shop> Open(string column, params (string, string)[] more) => Shop.Open(
    [
        ("Shipping:Providers", "EasyPost,Shippo"), ("Taxes:Providers", "TaxJar,Avalara"), ("Avalara:TimeoutSeconds", "30"), ("Shippo:TimeoutSeconds", "30"), ("Braintree:TimeoutSeconds", "30"),
        ("Shipping:BudgetSeconds", "30"), ("Shipping:HedgeSeconds", "30"), ("Taxes:BudgetSeconds", "60"),
        ("Addresses:CacheMinutes", "0"), ("Shipping:CacheMinutes", "0"), ("Taxes:CacheMinutes", "0"),
        ("Shipping:Fallback:0:Carrier", "FedEx"), ("Shipping:Fallback:0:Service", "Ground"), ("Shipping:Fallback:0:Countries", "US"),
        ("Shipping:Fallback:0:Cost", "1300"), ("Shipping:Fallback:0:Currency", "USD"), ("Shipping:Fallback:0:DeliveryDays", "5"),
        // Long enough for a busy machine's answers, and not for those that never come.
        .. column == "slow" ? new[] { "Google", "EasyPost", "Shippo", "TaxJar", "Avalara" }.Select(provider => ($"{provider}:TimeoutSeconds", "4")).Append(("Shipping:HedgeSeconds", "4")) : [],
        .. more,
    ]);

    private static async Task<long[]> Asked(Shop shop) => [await shop.Providers.Calls("taxjar.quote"), await shop.Providers.Calls("avalara.quote")];

    private static string Cell(string row, string column) =>
        Table.Single(line => line[0] == row)[Table[0].Select((name, index) => (name, index)).Single(named => named.name == column).index];

    private static IReadOnlyList<IReadOnlyList<string>> ReadTable()
    {
        var readme = SourceFile.Read("README.md").ReplaceLineEndings("\n");
        var table = Regex.Match(readme, @"^\| provider \| down \|.*\n(?:\|.*\n)+", RegexOptions.Multiline).Value;
        return [.. table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (IReadOnlyList<string>)[.. line.Trim('|').Split('|', StringSplitOptions.TrimEntries)])];
    }
}
