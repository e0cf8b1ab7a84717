namespace CheckoutFunctions.Tests.Rules.Other
{
    internal static class Price
    {
        public static int Of(string sku) => sku.Length;
    }
}

namespace CheckoutFunctions.Tests.Rules.Sample
{
    /// <summary>No signature shows what it uses: for showing that <see cref="TypeUse"/> looks inside.</summary>
    internal static class Basket
    {
        public static async Task<int> Total(IEnumerable<string> skus)
        {
            await Task.Yield();
            return skus.Sum(sku => Other.Price.Of(sku));
        }
    }
}
