using CheckoutFunctions.Domain;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Providers;

namespace CheckoutFunctions.Tests.Payments;

/// <summary>How every payment gateway comes through a provider's faults: each call is thrown as a fault or seen through, and asking again gets there.</summary>
public abstract class PaymentFaultContract : PaymentGatewayContract
{
    /// <summary>As long as the orchestration waits before it tries again, and the sandbox's 429 wants it to.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static TheoryData<string, Fault> CallsAndFaults()
    {
        var data = new TheoryData<string, Fault>();
        foreach (var operation in new[] { ProviderOperations.Create, ProviderOperations.Confirm, ProviderOperations.Capture, ProviderOperations.Cancel, ProviderOperations.Refund, ProviderOperations.Retrieve })
        {
            foreach (var fault in Enum.GetValues<Fault>())
            {
                // A create's saved 500 stays: another key would be another payment.
                if (operation != ProviderOperations.Create || fault is not (Fault.SavedHttp500 or Fault.Http500After))
                    data.Add(operation, fault);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(CallsAndFaults))]
    public async Task A_fault_is_thrown_or_seen_through_and_asking_again_gets_there(string operation, Fault fault)
    {
        var id = await PaymentBefore(operation);
        await Provider.Fail(operation, fault);

        var first = await Try(operation, id);
        var again = await Call(operation, id);
        var settled = await Call(operation, id);

        Assert.Equal(GoalOf(operation), again.State);
        Assert.Equal(again, settled);
        Assert.True(first is null || first == again, $"It said {first} first and {again} later.");
        Assert.Equal(again, await Gateway.Retrieve(again.Id, default));
    }

    [Theory]
    [InlineData(ProviderOperations.Confirm, Fault.TimeoutAfter)]
    [InlineData(ProviderOperations.Confirm, Fault.Malformed)]
    [InlineData(ProviderOperations.Capture, Fault.TimeoutAfter)]
    [InlineData(ProviderOperations.Capture, Fault.Http500After)]
    [InlineData(ProviderOperations.Cancel, Fault.TimeoutAfter)]
    [InlineData(ProviderOperations.Refund, Fault.TimeoutAfter)]
    public async Task What_took_effect_without_an_answer_is_found_at_once(string operation, Fault fault)
    {
        var id = await PaymentBefore(operation);
        await Provider.Fail(operation, fault);

        Assert.Equal(GoalOf(operation), (await Call(operation, id)).State);
    }

    [Theory]
    [InlineData(ProviderOperations.Confirm, PaymentState.Created)]
    [InlineData(ProviderOperations.Capture, PaymentState.Authorized)]
    [InlineData(ProviderOperations.Cancel, PaymentState.Authorized)]
    [InlineData(ProviderOperations.Refund, PaymentState.Captured)]
    public async Task What_took_no_effect_is_a_fault(string operation, PaymentState unchanged)
    {
        var id = await PaymentBefore(operation);
        await Provider.Fail(operation, Fault.TimeoutBefore);

        var thrown = await Assert.ThrowsAsync<ProviderException>(() => Call(operation, id));
        Assert.Equal((Gateway.Name, operation), (thrown.Provider, thrown.Operation));
        Assert.Equal(unchanged, (await Gateway.Retrieve(id, default)).State);
    }

    [Theory]
    [InlineData(Fault.TimeoutBefore)]
    [InlineData(Fault.TimeoutAfter)]
    [InlineData(Fault.Http429)]
    [InlineData(Fault.SavedHttp500)]
    [InlineData(Fault.Http500After)]
    [InlineData(Fault.Malformed)]
    [InlineData(Fault.ConnectionReset)]
    public async Task A_part_is_refunded_once_whatever_goes_wrong(Fault fault)
    {
        var id = await PaymentIn(PaymentState.Captured);
        foreach (var operation in new[] { ProviderOperations.Refund, ProviderOperations.Retrieve })
        {
            var key = $"ref_{operation}:1:refund";
            await Provider.Fail(operation, fault);
            await Record.ExceptionAsync(() => Refund(id, 1000, key));
            Provider.WaitOut();
            Provider.Pass(Pause);

            Assert.Equal(PaymentRefundState.Succeeded, (await Refund(id, 1000, key)).State);
        }

        Assert.Equal(2000, (await Gateway.Retrieve(id, default)).Refunded);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Fault.TimeoutBefore)]
    [InlineData(Fault.TimeoutAfter)]
    [InlineData(Fault.SavedHttp500)]
    [InlineData(Fault.Http500After)]
    [InlineData(Fault.Malformed)]
    public async Task The_money_is_taken_once_and_given_back_once_whatever_happened_a_day_ago(Fault? fault)
    {
        var id = await PaymentIn(PaymentState.Authorized);
        var since = Provider.Now;
        await TryAndForget(ProviderOperations.Capture, id, fault);

        var captured = await Gateway.Capture(new("chk_1:1:capture", id, new(4100, "USD"), since), default);

        Assert.Equal((PaymentState.Captured, 4100, 0), (captured.State, captured.Captured, captured.Refunded));
        Assert.Equal(captured, await Gateway.Retrieve(id, default));
        await TryAndForget(ProviderOperations.Refund, id, fault);

        var refunded = await Void(id);

        Assert.Equal((PaymentState.Refunded, 4100, 4100), (refunded.State, refunded.Captured, refunded.Refunded));
        Assert.Equal(refunded, await Gateway.Retrieve(id, default));
        Assert.Equal(PaymentRefundState.Refused, (await Refund(id, 1)).State);
    }

    [Theory]
    [InlineData(null, PaymentState.Created)]
    [InlineData(Fault.TimeoutBefore, PaymentState.Created)]
    [InlineData(Fault.SavedHttp500, PaymentState.Created)]
    [InlineData(Fault.TimeoutAfter, PaymentState.Authorized)]
    [InlineData(Fault.Malformed, PaymentState.Authorized)]
    public async Task Money_that_was_not_held_a_day_ago_is_not_held_any_more(Fault? fault, PaymentState then)
    {
        var id = await Create();
        var since = Provider.Now;
        if (fault is not null)
            await TryAndForget(ProviderOperations.Confirm, id, fault);
        Provider.Pass(TimeSpan.FromHours(25));

        Assert.Equal(then, (await Gateway.Authorize(new("chk_1:1:authorize", id, since), default)).State);
        Assert.Equal(then, (await Gateway.Retrieve(id, default)).State);
        Assert.Equal(PaymentState.Voided, (await Void(id)).State);
    }

    /// <summary>A call whose outcome isn't known, and a day in which nobody asks; a call that went well if there is no fault.</summary>
    private async Task TryAndForget(string operation, string id, Fault? fault)
    {
        if (fault is { } wrong)
        {
            await Provider.Fail(operation, wrong);
            // A void looks before it acts.
            if (operation != ProviderOperations.Refund)
                await Provider.Fail(ProviderOperations.Retrieve, Fault.Http429);
        }

        await Try(operation, id);
        Provider.Pass(TimeSpan.FromHours(25));
    }

    private static PaymentState GoalOf(string operation) => operation switch
    {
        ProviderOperations.Confirm => PaymentState.Authorized,
        ProviderOperations.Capture => PaymentState.Captured,
        ProviderOperations.Cancel => PaymentState.Voided,
        ProviderOperations.Refund => PaymentState.Refunded,
        _ => PaymentState.Created,
    };

    private async Task<string> PaymentBefore(string operation) => operation switch
    {
        ProviderOperations.Create => "",
        ProviderOperations.Confirm or ProviderOperations.Retrieve => await PaymentIn(PaymentState.Created),
        ProviderOperations.Refund => await PaymentIn(PaymentState.Captured),
        _ => await PaymentIn(PaymentState.Authorized),
    };

    private async Task<Payment> Call(string operation, string id) => operation switch
    {
        ProviderOperations.Create => await Gateway.Retrieve(await Create(), default),
        ProviderOperations.Confirm => await Authorize(id),
        ProviderOperations.Capture => await Capture(id),
        ProviderOperations.Retrieve => await Gateway.Retrieve(id, default),
        _ => await Void(id),
    };

    private async Task<Payment?> Try(string operation, string id)
    {
        try
        {
            return await Call(operation, id);
        }
        catch (ProviderException)
        {
            Provider.Pass(Pause);
            return null;
        }
    }
}
