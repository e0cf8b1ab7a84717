using CheckoutFunctions.Tests.Api;

namespace CheckoutFunctions.Tests.Management;

/// <summary>A real checkout, seen by a tool for Durable Functions.</summary>
public class CheckoutTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_checkout_runs_until_it_is_paid_and_then_shows_each_step_in_its_history()
    {
        var ada = await shop.ReadyShopper();
        var running = (await Ask(ada)).Is(202);
        Assert.Equal(("Running", ada.Id), (running.Text("runtimeStatus"), running.Text("instanceId")));
        Assert.Equal("5", running.Headers["Retry-After"]);

        (await ada.Pay()).Is(200);
        var completed = (await Finished(ada)).Is(200);

        Assert.Equal("Completed", completed.Text("runtimeStatus"));
        var history = completed["historyEvents"].EnumerateArray().ToList();
        Assert.Equal("ExecutionStarted", history[0].GetProperty("EventType").GetString());
        Assert.Equal("ExecutionCompleted", history[^1].GetProperty("EventType").GetString());
        var steps = history.Where(entry => entry.GetProperty("EventType").GetString() == "TaskCompleted")
            .Select(entry => entry.GetProperty("FunctionName").GetString()!).ToList();
        string[] paidPath = ["VerifyAddress", "FetchShippingRates", "CalculateTax", "AuthorizePayment", "PlaceOrder", "CapturePayment", "RecordTax"];
        Assert.Equal(paidPath, steps.Where(paidPath.Contains).Distinct());
        Assert.Contains("ReserveInventory", steps);
    }

    [Fact]
    public async Task Checkouts_are_listed_by_the_prefix_of_their_ids()
    {
        var ada = await shop.Shopper();

        var list = (await shop.Send(HttpMethod.Get, $"{Managed.Path}/instances?instanceIdPrefix={ada.Id}&runtimeStatus=Running,Pending&code={shop.OperatorKey}")).Is(200);

        Assert.Equal(ada.Id, Assert.Single(list.Json.EnumerateArray()).GetProperty("instanceId").GetString());
    }

    [Fact]
    public async Task The_buyer_s_secret_does_not_open_the_management_API()
    {
        var ada = await shop.Shopper();

        (await shop.Send(HttpMethod.Get, $"{Managed.Path}/instances/{ada.Id}", secret: ada.Secret)).Is(401);
    }

    private Task<Reply> Ask(Shopper shopper) =>
        shop.Send(HttpMethod.Get, $"{Managed.Path}/instances/{shopper.Id}?showHistory=true&showHistoryOutput=true&code={shop.OperatorKey}");

    // What the buyer needn't wait for comes after the answer.
    private async Task<Reply> Finished(Shopper shopper)
    {
        for (var look = 0; ; look++)
        {
            var reply = await Ask(shopper);
            if (reply.Status != 202)
                return reply;
            Assert.True(look < 3000, $"The checkout never finished: {reply}");
            await Task.Delay(10);
        }
    }
}
