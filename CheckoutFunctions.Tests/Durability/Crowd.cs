using CheckoutFunctions.Tests.Api;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>Buyers who come one after another to each of a handful of tills, until the doors close; who is inside then still finishes.</summary>
internal sealed class Crowd
{
    private const int Tills = 6;

    private readonly Queue<Errand> deck = [];
    private readonly List<Visit> visits = [];
    private readonly List<PatientStorefront> storefronts = [];
    private readonly List<Task> tills;
    private volatile bool closed;

    /// <param name="way">How requests reach the shop; straight, unless a test puts something between.</param>
    public Crowd(ShopProcess shop, int seed, Storefront? way = null) =>
        tills = Enumerable.Range(0, Tills).Select(till => Serve(shop, way ?? shop.Send, $"till-{till}", new Random((seed * Tills) + till))).ToList();

    public IReadOnlyList<Visit> Visits => visits;

    public int CutOff => storefronts.Sum(storefront => storefront.CutOff);

    public int PaymentsCutOff => storefronts.Sum(storefront => storefront.PaymentsCutOff);

    public int Repeated => storefronts.Sum(storefront => storefront.Repeated);

    /// <summary>Fails at once where a buyer was treated wrongly.</summary>
    public async Task Check()
    {
        if (tills.Find(till => till.IsFaulted) is { } failed)
            await failed;
    }

    /// <summary>Completes once somebody has come on each errand, however slow the machine is.</summary>
    public async Task ComeOn(IEnumerable<Errand> errands)
    {
        while (!HaveComeOn(errands))
        {
            await Task.Delay(50);
            await Check();
        }
    }

    public Task Leave()
    {
        closed = true;
        return Task.WhenAll(tills);
    }

    private bool HaveComeOn(IEnumerable<Errand> errands)
    {
        lock (visits)
            return errands.All(errand => visits.Exists(visit => visit.Errand.Name == errand.Name));
    }

    private async Task Serve(ShopProcess shop, Storefront way, string till, Random chance)
    {
        var storefront = new PatientStorefront(way, till, chance);
        lock (visits)
            storefronts.Add(storefront);
        var errands = new Errands(shop.Providers).All;
        while (!closed)
        {
            var errand = Deal(errands, chance);
            var shopper = await Shopper.Start(storefront.Send, errand.Sku, errand.Sku == "LAST-001" ? 1 : chance.Next(1, 4), "ada@example.com");
            lock (visits)
                visits.Add(new(shopper, storefront, errand));
            try
            {
                await errand.Go(shopper);
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"{shopper.Id}, who {errand.Name}: {wrong.Message}", wrong);
            }
        }
    }

    /// <summary>As cards are dealt: in any order, but each as often as the others.</summary>
    private Errand Deal(IReadOnlyList<Errand> errands, Random chance)
    {
        lock (deck)
        {
            if (deck.Count == 0)
            {
                var shuffled = errands.ToArray();
                chance.Shuffle(shuffled);
                foreach (var errand in shuffled)
                    deck.Enqueue(errand);
            }

            return deck.Dequeue();
        }
    }
}
