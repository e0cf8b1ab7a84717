using System.Diagnostics;
using System.Text.Json;
using Sandbox;

namespace CheckoutFunctions.Tests.Sandbox;

public sealed class MemoryTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sandbox-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_restart_keeps_payments_keys_tax_documents_and_counts()
    {
        string id, ledger;
        await using (var before = await Providers.Start(folder))
        {
            id = (await before.Create("pm_card_visa", "key", confirm: true)).Text("id");
            Assert.Equal(201, (await before.TaxJar(HttpMethod.Post, "transactions/orders", TaxJarTests.Order("ord_1"))).Status);
            ledger = (await before.Ledger()).GetRawText();
        }

        await using var after = await Providers.Start(folder);
        Assert.Equal(ledger, (await after.Ledger()).GetRawText());
        Assert.Equal("true", (await after.Create("pm_card_visa", "key", confirm: true)).Headers["Idempotent-Replayed"]);
        Assert.Equal("succeeded", (await after.Stripe($"payment_intents/{id}/capture")).Text("status"));
        Assert.Equal(200, (await after.TaxJar(HttpMethod.Get, "transactions/orders/ord_1")).Status);
    }

    [Fact]
    public async Task A_kill_loses_nothing_that_was_answered()
    {
        var (process, address) = await StartAlone();
        using (process)
        {
            using var http = new HttpClient { BaseAddress = new Uri(address) };
            http.DefaultRequestHeaders.Authorization = new("Bearer", "sk_test_123");
            foreach (var _ in Enumerable.Range(0, 5))
            {
                using var form = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["amount"] = "500",
                    ["currency"] = "usd",
                    ["payment_method"] = "pm_card_visa",
                    ["confirm"] = "true",
                });
                using var response = await http.PostAsync(new Uri("/stripe/v1/payment_intents", UriKind.Relative), form);
                response.EnsureSuccessStatusCode();
            }

            process.Kill();
            await process.WaitForExitAsync();
        }

        await using var after = await Providers.Start(folder);
        Assert.Equal(5, (await after.Ledger()).GetProperty("payments").GetArrayLength());
    }

    [Fact]
    public async Task Without_a_folder_nothing_outlives_the_sandbox()
    {
        await using (var before = await Providers.Start())
            await before.Authorized();
        await using var after = await Providers.Start();
        Assert.Empty((await after.Ledger()).GetProperty("payments").EnumerateArray());
        Assert.Equal(JsonValueKind.Object, (await after.Ledger()).GetProperty("calls").ValueKind);
        Assert.Equal("ok", (await after.Json(HttpMethod.Get, "/_sandbox/health", null, null)).Text("status"));
        Assert.Equal(404, (await after.Json(HttpMethod.Get, "/nowhere", null, null)).Status);
    }

    private async Task<(Process Process, string Address)> StartAlone()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? "dotnet") { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) != "dotnet")
            start.FileName = "dotnet";
        start.ArgumentList.Add(typeof(SandboxApp).Assembly.Location);
        start.Environment["Sandbox__Port"] = "0";
        start.Environment["Sandbox__Data"] = folder;
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        return (process, line!.Split(' ')[^1]);
    }
}
