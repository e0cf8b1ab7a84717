using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Database;
using static CheckoutFunctions.Tests.Sessions.TestSessions;

namespace CheckoutFunctions.Tests.Sessions;

/// <summary>What every session store promises.</summary>
public abstract class SessionStoreTests : IAsyncLifetime
{
    private readonly Func<Task<TestSessions>> open;

    private TestSessions sessions = null!;

    private protected SessionStoreTests(Func<Task<TestSessions>> open) => this.open = open;

    private ISessionStore Store => sessions.Store;

    [StoreFact]
    public async Task A_checkout_is_new_once()
    {
        Assert.True(await Store.Create(New("chk_1"), default));
        Assert.False(await Store.Create(New("chk_1") with { SecretHash = "another" }, default));

        var found = (await Store.Find("chk_1", default))!;
        Assert.Equal(Json.Write(Document("chk_1", 1)), Json.Write(found.Document));
        Assert.Equal(("secret of chk_1", """{"for":"chk_1"}"""), (found.SecretHash, found.Input));
        Assert.Null(await Store.Find("chk_2", default));
    }

    [StoreFact]
    public async Task Of_many_starts_under_one_key_one_is_a_checkout_and_the_others_leave_nothing()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => Store.Create(New($"chk_{i}", "key"), default))));

        var first = (await Store.FindStart("key", default))!;
        Assert.Equal($"chk_{Array.IndexOf(created, true)}", first.CheckoutId);
        Assert.Equal(new StartedCheckout("key", "body", first.CheckoutId, "salt"), first);
        Assert.Single(created, true);
        Assert.Equal([first.CheckoutId], await Store.KnownOf([.. Enumerable.Range(0, 10).Select(i => $"chk_{i}")], default));
        Assert.Null(await Store.FindStart("another key", default));
    }

    [StoreFact]
    public async Task An_older_document_that_comes_late_changes_nothing()
    {
        await Store.Create(New("chk_1"), default);

        await Task.WhenAll(Enumerable.Range(2, 15).Reverse().Select(version => Task.Run(() => Store.Save(new(Document("chk_1", version)), default))));

        Assert.Equal(16, (await Store.Find("chk_1", default))!.Document.Version);
        await Store.Save(new(Document("chk_1", 15, CheckoutStatus.Expired)), default);
        Assert.Equal((16, CheckoutStatus.Cart), ((await Store.Find("chk_1", default))!.Document.Version, (await Store.Find("chk_1", default))!.Document.Status));
        Assert.Equal("secret of chk_1", (await Store.Find("chk_1", default))!.SecretHash);
    }

    [StoreFact]
    public async Task A_commands_first_answer_is_the_one_that_counts_even_beside_an_old_document()
    {
        await Store.Create(New("chk_1"), default);
        await Store.Save(new(Document("chk_1", 3), Answer("key/with#odd?signs", Document("chk_1", 3), "first")), default);

        await Store.Save(new(Document("chk_1", 4), Answer("key/with#odd?signs", Document("chk_1", 4), "second")), default);
        await Store.Save(new(Document("chk_1", 2), Answer("late", Document("chk_1", 2), "late")), default);

        Assert.Equal("first", (await Store.FindAnswer("chk_1", "key/with#odd?signs", default))!.Detail);
        Assert.Equal("late", (await Store.FindAnswer("chk_1", "late", default))!.Detail);
        Assert.Equal(4, (await Store.Find("chk_1", default))!.Document.Version);
        Assert.Null(await Store.FindAnswer("chk_2", "late", default));
    }

    [StoreFact]
    public async Task Saving_the_same_twice_at_once_is_saving_it_once()
    {
        await Store.Create(New("chk_1"), default);
        var save = new SaveSession(Document("chk_1", 2), Answer("key", Document("chk_1", 2)));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.Save(save, default))));

        Assert.Equal(2, (await Store.Find("chk_1", default))!.Document.Version);
        Assert.Equal(2, (await Store.FindAnswer("chk_1", "key", default))!.Session.Version);
    }

    [StoreTheory]
    [InlineData(100)]
    [InlineData(31_000)]
    [InlineData(32_001)]
    [InlineData(150_000)]
    public async Task A_document_of_any_length_comes_back_as_it_was(int length)
    {
        await Store.Create(New("chk_1"), default);
        var cart = string.Concat(Enumerable.Repeat("🫖abcdefgh", length / 20));
        await Store.Save(new(Document("chk_1", 2, cart: cart)), default);
        Assert.Equal(cart, (await Store.Find("chk_1", default))!.Document.CartId);

        await Store.Save(new(Document("chk_1", 3, cart: "short again"), Answer("key", Document("chk_1", 3, cart: cart))), default);

        Assert.Equal("short again", (await Store.Find("chk_1", default))!.Document.CartId);
        Assert.Equal(cart, (await Store.FindAnswer("chk_1", "key", default))!.Session.CartId);
    }

    [StoreFact]
    public async Task Those_at_work_for_longest_and_the_youngest_untouched_are_waiting()
    {
        await Store.Create(New("chk_ancient"), default);
        sessions.Clock.Advance(TimeSpan.FromDays(2));
        foreach (var (id, status) in new[] { ("chk_paying", CheckoutStatus.Paying), ("chk_acting", CheckoutStatus.ActionRequired), ("chk_done", CheckoutStatus.Completed), ("chk_parked", CheckoutStatus.NeedsAttention) })
        {
            await Store.Create(New(id), default);
            await Store.Save(new(Document(id, 2, status)), default);
            sessions.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await Store.Create(New("chk_untouched"), default);
        sessions.Clock.Advance(TimeSpan.FromMinutes(10));
        await Store.Create(New("chk_new"), default);
        var now = sessions.Clock.GetUtcNow();

        Assert.Equal(["chk_paying", "chk_acting", "chk_parked", "chk_untouched"], await Store.Waiting(now.AddMinutes(-5), now.AddDays(-1), 10, default));
        Assert.Equal(["chk_paying", "chk_untouched"], await Store.Waiting(now.AddMinutes(-5), now.AddDays(-1), 1, default));
        Assert.Equal(now.AddMinutes(-10), await Store.LastChangeOf("chk_untouched", default));
    }

    [StoreFact]
    public async Task A_store_that_is_there_answers() => await Store.Ask(default);

    public async Task InitializeAsync() => sessions = await open();

    public Task DisposeAsync()
    {
        sessions.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class SqliteSessionStoreTests() : SessionStoreTests(OnSqlite);

public sealed class PostgresSessionStoreTests() : SessionStoreTests(OnPostgres);

public sealed class AzuriteSessionStoreTests() : SessionStoreTests(OnAzurite)
{
    [AzuriteFact]
    public async Task A_document_that_no_entity_holds_is_refused_clearly()
    {
        using var sessions = await OnAzurite();
        await sessions.Store.Create(New("chk_1"), default);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => sessions.Store.Save(new(Document("chk_1", 2, cart: new('x', 500_000))), default));

        Assert.Matches(@"^The Document of checkout chk_1 has 50\d{4} characters, more than a table's entity holds\.$", refused.Message);
        Assert.Equal(1, (await sessions.Store.Find("chk_1", default))!.Document.Version);
    }

    [AzuriteFact]
    public async Task An_account_that_is_gone_is_a_store_that_cannot_be_used_now_and_is_found_again()
    {
        using var azurite = await Azurite.Start();
        var tables = new SessionTables(azurite.NewAccount());
        await tables.Create(default);
        var store = new TableSessionStore(tables, TimeProvider.System);
        await store.Create(New("chk_1"), default);

        await azurite.Kill();
        Assert.True(CheckoutFunctions.Database.StoreFault.IsUnavailable((await Record.ExceptionAsync(() => store.Find("chk_1", default)))!));

        await azurite.StartAgain();
        Assert.NotNull(await store.Find("chk_1", default));
    }
}

public sealed class SessionTablesTests
{
    [Fact]
    public async Task An_endpoint_without_a_key_is_asked_with_the_apps_own_token()
    {
        var seen = new List<(string Address, string? Authorization)>();
        using var network = new Network(seen);
        var tables = new SessionTables("TableEndpoint=https://shop.table.core.windows.net/", new Identity(), new Azure.Core.Pipeline.HttpClientTransport(network));

        Assert.Null(await new TableSessionStore(tables, TimeProvider.System).Find("chk_1", default));

        Assert.Equal([("https://shop.table.core.windows.net/CheckoutSessions(PartitionKey='chk_1',RowKey='session')", "Bearer token for https://storage.azure.com/.default")], seen);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", true)]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=a2V5", true)]
    [InlineData("TableEndpoint=https://shop.table.core.windows.net", true)]
    [InlineData("Host=db;Database=sessions", false)]
    [InlineData("Data Source=sessions.db", false)]
    [InlineData(null, false)]
    public void A_storage_accounts_connection_string_is_known_by_its_words(string? given, bool expected) => Assert.Equal(expected, SessionTables.IsNamedBy(given));

    [Theory]
    [InlineData("AccountName=shop")]
    [InlineData("AccountName=shop;AccountKey=not base64!")]
    [InlineData("TableEndpoint=nowhere")]
    public void One_that_is_none_stops_the_start_with_a_sentence_and_is_not_repeated(string given) => Assert.Equal(
        "The setting Sessions__ConnectionString can't be read as a storage account's connection string.",
        Assert.Throws<InvalidOperationException>(() => new SessionTables(given)).Message);

    private sealed class Identity : Azure.Core.TokenCredential
    {
        public override Azure.Core.AccessToken GetToken(Azure.Core.TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new($"token for {requestContext.Scopes[0]}", DateTimeOffset.MaxValue);

        public override ValueTask<Azure.Core.AccessToken> GetTokenAsync(Azure.Core.TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }

    private sealed class Network(List<(string Address, string? Authorization)> seen) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add((request.RequestUri!.ToString(), request.Headers.Authorization?.ToString()));
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.NotFound) { Content = new StringContent("{}") });
        }
    }
}
