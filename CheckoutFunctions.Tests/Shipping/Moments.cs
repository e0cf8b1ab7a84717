using Simulation;

namespace CheckoutFunctions.Tests.Shipping;

/// <summary>Lets a clock that is moved by hand go on, a step at a time, for as long as somebody waits for it.</summary>
internal static class Moments
{
    public static async Task<T> Pass<T>(ManualTimeProvider clock, Task<T> waiting, TimeSpan step)
    {
        for (var moment = 0; !waiting.IsCompleted; moment++)
        {
            Assert.True(moment < 10_000, "It waits for nothing that the clock brings.");
            clock.Advance(step);
            await Task.WhenAny(waiting, Task.Delay(1));
        }

        return await waiting;
    }
}
