using System.Text;

namespace CheckoutFunctions.Tests.Api;

/// <summary>Over HTTP: who left is reminded, what is over is forgotten, and who asks is erased.</summary>
public sealed class RetentionTests
{
    private const string Seldom = "0 0 0 1 1 *";

    private const string EverySecond = "* * * * * *";

    [Fact]
    public async Task Who_leaves_is_reminded_once_and_who_has_paid_is_not()
    {
        await using var shop = await Shop.Open(("Reminders:Schedule", EverySecond), ("Shop:CheckoutUrl", "https://tea.example/checkout?checkout={id}"));
        var (paid, left) = (await Named(shop, "grace@example.com"), await Named(shop, "ada@example.com"));
        (await paid.PayAndWait()).Is(200);

        shop.Ahead = TimeSpan.FromHours(1);
        await Until(() => Task.FromResult(Reminders(shop).Any()), "Nobody was reminded.");
        shop.Ahead += TimeSpan.FromHours(1);
        await Task.Delay(2500);

        var mail = await File.ReadAllTextAsync(Assert.Single(Reminders(shop)));
        Assert.Contains("To: ada@example.com", mail, StringComparison.Ordinal);
        Assert.Contains($"https://tea.example/checkout?checkout=", mail.Replace("=3D", "=", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(left.Secret, mail, StringComparison.Ordinal);
        Assert.Single(shop.LogLines, line => line.Contains("were reminded of a checkout", StringComparison.Ordinal));
        (await left.PayAndWait()).Is(200);
    }

    [Fact]
    public async Task After_a_month_the_session_is_gone_and_its_buyer_still_sees_the_order_which_can_be_refunded()
    {
        await using var shop = await Shop.Open(("Retention:Schedule", EverySecond), ("Reconciliation:Schedule", Seldom));
        var ada = await Named(shop, "ada@example.com");
        var paid = (await ada.PayAndWait()).Is(200);
        var order = paid.Text("order_id")!;
        var before = (await ada.Order(order, ada.Secret)).Is(200);
        var open = await shop.ReadyShopper();

        // Of the old one; nobody else is away for a month.
        const long Days31 = 31L * 24 * 60 * 60;
        await Ended(shop, ada);
        await shop.Tell("sessions.db", $"UPDATE sessions SET updated_at = updated_at - {Days31 * 1000} WHERE checkout_id = '{ada.Id}'");
        await shop.Tell("durable.db", $"UPDATE instances SET created_at = created_at - {Days31 * TimeSpan.TicksPerSecond}, updated_at = updated_at - {Days31 * TimeSpan.TicksPerSecond} WHERE instance_id = '{ada.Id}'");
        await Until(async () => (await ada.Get()).Status == 404, "The session was never forgotten.");

        (await ada.Get()).Refuses(404, "checkout_not_found");
        Assert.Equal(404, (await shop.Send(HttpMethod.Get, $"/runtime/webhooks/durabletask/instances/{ada.Id}?code={shop.OperatorKey}")).Status);
        Assert.Equal(before.Body, (await ada.Order(order, ada.Secret)).Is(200).Body);
        (await ada.Order(order, open.Secret)).Refuses(404, "checkout_not_found");
        (await ada.Order(order, null)).Refuses(404, "checkout_not_found");
        (await shop.Operate($"orders/{order}/refund", new { amount = 100, reason = "late" })).Is(202);
        await Until(async () => (await ada.Order(order, ada.Secret)).Number("amount_refunded") == 100, "It was never refunded.");
        (await open.PayAndWait()).Is(200);
    }

    [Fact]
    public async Task Who_is_erased_is_found_in_no_file_but_the_order_and_there_neither_if_that_was_asked()
    {
        await using var shop = await Shop.Open(("Retention:Schedule", Seldom), ("Reconciliation:Schedule", Seldom));
        var ada = await Named(shop, "ada+forget@example.com", new { name = "Ada Forgetmenot", line1 = "17 Nightingale Mews", city = "Beverly Hills", state = "CA", zip = "90210", country = "US" });
        var order = (await ada.PayAndWait()).Is(200).Text("order_id")!;
        var gone = await Named(shop, "ADA+forget@Example.com");
        (await gone.Cancel()).Is(200);
        var open = await Named(shop, "ada+forget@example.com");
        await Ended(shop, ada, gone);
        Assert.NotEmpty(await Holding(shop, "Nightingale", vacuum: false));
        // The clock jumps below: the claim of whoever is sending it would end with it.
        await Until(() => Task.FromResult(File.Exists(Path.Combine(shop.Folder, "outbox", $"receipt.{order}.eml"))), "The receipt was never sent.");

        shop.Ahead = TimeSpan.FromMinutes(15);
        var part = (await Erase(shop, new { email = "ada+forget@example.com", by = "Grace" })).Is(202);
        Assert.Equal(open.Id, Assert.Single(part["left"].EnumerateArray()).GetProperty("checkout_id").GetString());
        Assert.Equal(("ada+forget@example.com", "METHOD_SELECTED"), ((await open.Get())["customer"].GetProperty("email").GetString(), (await open.Get()).Status()));
        (await open.Cancel()).Is(200);
        await Ended(shop, open);
        shop.Ahead += TimeSpan.FromMinutes(15);
        (await Erase(shop, new { email = "ada+forget@example.com" })).Is(200);

        Assert.Empty(await Holding(shop, "forget@example.com"));
        Assert.Equal(["orders.db"], await Holding(shop, "Nightingale"));
        Assert.Equal("17 Nightingale Mews", (await ada.Order(order, ada.Secret)).Is(200)["shipping_address"].GetProperty("line1").GetString());
        var session = (await ada.Get()).Is(200);
        Assert.Equal((true, "(erased)", "COMPLETED"), (session.IsNull("customer"), session["shipping_address"].GetProperty("line1").GetString(), session.Status()));

        (await Erase(shop, new { email = "ada+forget@example.com", orders = true })).Is(200);

        Assert.Empty(await Holding(shop, "Nightingale"));
        Assert.Empty(await Holding(shop, "Forgetmenot"));
        Assert.Equal("placed", (await ada.Order(order, ada.Secret)).Is(200).Text("status"));
        Assert.DoesNotContain(shop.LogLines, line => line.Contains("forget@example", StringComparison.OrdinalIgnoreCase) || line.Contains("Nightingale", StringComparison.Ordinal));
        Assert.Equal(3, await shop.Ask<long>("orders.db", "SELECT COUNT(*) FROM erasures WHERE report IS NOT NULL"));
    }

    [Fact]
    public async Task Only_operators_erase_and_only_by_an_address()
    {
        await using var shop = await Shop.Open();

        Assert.Equal(401, (await shop.Send(HttpMethod.Post, "/api/operations/customers/erase", new { email = "ada@example.com" })).Status);
        (await Erase(shop, new { orders = true })).Refuses(400, "invalid_request", "/email");
        (await Erase(shop, new { email = "ada@example.com", orders = "yes" })).Refuses(400, "invalid_request", "/orders");
        var nobody = (await Erase(shop, new { email = "ada@example.com" })).Is(200);
        Assert.Equal((0, 0, true), (nobody.Number("checkouts"), nobody.Number("orders"), nobody["complete"].GetBoolean()));
        Assert.DoesNotContain("ada", nobody.Body, StringComparison.OrdinalIgnoreCase);
    }

    private static Task<Reply> Erase(Shop shop, object body) => shop.Operate("customers/erase", body);

    private static async Task<Shopper> Named(Shop shop, string email, object? address = null)
    {
        var shopper = await shop.Shopper();
        (await shopper.Put("customer", new { email })).Is(200);
        (await shopper.ShipTo(address ?? Shopper.BeverlyHills)).Is(200);
        (await shopper.Choose(Shopper.Ground)).Is(200);
        return shopper;
    }

    /// <summary>A checkout is answered a moment before its orchestration has ended.</summary>
    private static async Task Ended(Shop shop, params Shopper[] shoppers)
    {
        foreach (var shopper in shoppers)
            await Until(async () => await shop.Ask<long>("durable.db", $"SELECT COUNT(*) FROM instances WHERE instance_id = '{shopper.Id}' AND status = 1") == 1, "The checkout never ended.");
    }

    private static string[] Reminders(Shop shop) =>
        Path.Combine(shop.Folder, "outbox") is var outbox && Directory.Exists(outbox) ? Directory.GetFiles(outbox, "reminder.*.eml") : [];

    /// <summary>Which of the shop's files hold this text anywhere; the sandbox's is the providers', who have a memory of their own.</summary>
    private static async Task<List<string>> Holding(Shop shop, string text, bool vacuum = true)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in vacuum ? Directory.GetFiles(shop.Folder, "*.db").Select(Path.GetFileName).Where(file => file != "sandbox.db") : [])
        {
            // What was deleted lies in a file until its page is used again.
            await shop.Tell(file!, "VACUUM");
            await shop.Tell(file!, "PRAGMA wal_checkpoint(TRUNCATE)");
        }

        foreach (var path in Directory.GetFiles(shop.Folder, "*", SearchOption.AllDirectories).Where(path => !Path.GetFileName(path).StartsWith("sandbox.db", StringComparison.Ordinal) && Path.GetFileName(path) != "lock"))
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            if (bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0)
                found.Add(Path.GetFileName(path));
        }

        return [.. found];
    }

    private static async Task Until(Func<Task<bool>> done, string otherwise)
    {
        for (var look = 0; !await done(); look++)
        {
            Assert.True(look < 300, otherwise);
            await Task.Delay(100);
        }
    }
}
