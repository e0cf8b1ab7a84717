using CheckoutFunctions.Sessions;

namespace CheckoutFunctions.Tests.Webhooks;

/// <summary>
/// Whatever comes first, and however often: the bank's yes (A) or no (F), one event of the provider's (W, repeated as often as it stands there) or several
/// (each V), the buyer's return or a storefront's poll (C), the buyer's cancel (X) and the end of the wait (T) lead to one outcome: one charge and one order, or none.
/// </summary>
public sealed class ThreeDSecureOrderTests
{
    [Theory]
    [InlineData("AWWCCX")]
    [InlineData("AWWCCT")]
    [InlineData("AWCXT")]
    [InlineData("AVVCT")]
    public Task A_payment_that_the_bank_approves_has_one_outcome_in_every_order(string happenings) => ForEachOrder(happenings, ComesOneByOne);

    [Theory]
    [InlineData("FWWCC")]
    [InlineData("FWCXT")]
    public Task A_payment_that_the_bank_refuses_has_one_outcome_in_every_order(string happenings) => ForEachOrder(happenings, ComesOneByOne);

    [Theory]
    [InlineData("AWWCX")]
    [InlineData("AWCT")]
    [InlineData("FWCX")]
    public Task So_it_has_when_all_comes_at_once_after_a_restart(string happenings) => ForEachOrder(happenings, ComesAtOnce);

    [Fact]
    public async Task An_answer_that_does_not_say_what_the_buyer_has_to_do_is_asked_for_again()
    {
        using var checkout = new ThreeDSecureCheckout { HidesAction = true };
        await checkout.Prepare();
        await checkout.Start();
        await checkout.Pay();
        await checkout.Settle();

        await checkout.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(CheckoutStatus.ActionRequired, (await checkout.Session()).Status);
        Assert.NotNull((await checkout.Session()).Payment.Action);

        checkout.AnswersBank(approve: true);
        await checkout.Confirm();
        await checkout.Settle();
        Assert.Equal(CheckoutStatus.Completed, (await checkout.Session()).Status);
        await checkout.HasOneOutcome();
    }

    /// <summary>The checkout is done with each before the next comes: then it is known what the outcome must be.</summary>
    private static async Task ComesOneByOne(string order)
    {
        using var checkout = await ThreeDSecureCheckout.Waiting();
        var expected = new Expected();
        foreach (var (happening, place) in order.Select((happening, place) => (happening, place)))
        {
            var command = await Happen(checkout, happening, place);
            await checkout.Settle();
            expected.After(happening);
            Assert.Equal(expected.Status, (await checkout.Session()).Status);
            if (happening == 'C' && !expected.IsClosed)
                Assert.Equal(expected.Answer, await checkout.AnswerTo(command!));
        }

        // What nobody told of is found when the wait ends.
        if (expected.Status == CheckoutStatus.ActionRequired)
            await checkout.Pass(TimeSpan.FromMinutes(16));
        await checkout.HasOneOutcome();
    }

    private static async Task ComesAtOnce(string order)
    {
        using var checkout = await ThreeDSecureCheckout.Waiting(live: false);
        foreach (var (happening, place) in order.Select((happening, place) => (happening, place)))
            await Happen(checkout, happening, place);
        await checkout.Settle();
        await checkout.Pass(TimeSpan.FromMinutes(16));
        await checkout.HasOneOutcome();
    }

    private static async Task<string?> Happen(ThreeDSecureCheckout checkout, char happening, int place)
    {
        switch (happening)
        {
            case 'A' or 'F':
                checkout.AnswersBank(approve: happening == 'A');
                return null;
            case 'W' or 'V':
                await checkout.WebhookArrives(happening == 'W' ? "evt_w" : $"evt_v{place}");
                return null;
            case 'C':
                return await checkout.Confirm();
            case 'X':
                return await checkout.Cancel();
            default:
                checkout.Clock.Advance(TimeSpan.FromMinutes(16));
                return null;
        }
    }

    private static async Task ForEachOrder(string happenings, Func<string, Task> check)
    {
        var orders = Orders(happenings).Distinct().ToList();
        await Parallel.ForEachAsync(orders, async (order, _) =>
        {
            try
            {
                await check(order);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"In the order {order}: {failure.Message}", failure);
            }
        });
    }

    private static IEnumerable<string> Orders(string happenings) => happenings.Length <= 1
        ? [happenings]
        : happenings.SelectMany((first, place) => Orders(happenings.Remove(place, 1)).Select(rest => first + rest));

    /// <summary>What the rules say, without an orchestration.</summary>
    private sealed class Expected
    {
        private char? bank;
        private bool heardW;

        public CheckoutStatus Status { get; private set; } = CheckoutStatus.ActionRequired;

        /// <summary>What a buyer who comes back is told.</summary>
        public AnswerCode Answer { get; private set; } = AnswerCode.ActionRequired;

        public bool IsClosed => Status is CheckoutStatus.Completed or CheckoutStatus.Cancelled;

        public void After(char happening)
        {
            if (Status == CheckoutStatus.MethodSelected && happening == 'X')
                Status = CheckoutStatus.Cancelled;
            if (Status != CheckoutStatus.ActionRequired)
                return;

            // A repeated event tells nothing, even if the first one told of what wasn't so yet.
            if (happening == 'W' && heardW)
                return;

            heardW |= happening == 'W';
            switch (happening)
            {
                case 'A' or 'F':
                    bank = happening;
                    break;
                // Cancelled is cancelled, even if the bank has said yes: nothing was taken yet.
                case 'X':
                    Status = CheckoutStatus.Cancelled;
                    break;
                case 'W' or 'V' or 'C' or 'T' when bank == 'A':
                    Status = CheckoutStatus.Completed;
                    break;
                case 'W' or 'V' or 'C' when bank == 'F':
                case 'T':
                    (Status, Answer) = (CheckoutStatus.MethodSelected, AnswerCode.CardDeclined);
                    break;
            }
        }
    }
}
