using CheckoutFunctions.Database;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Tests.Database;

namespace CheckoutFunctions.Tests.Sessions;

/// <summary>A session store of its own and the keys beside it: in a database, or in the tables of an account.</summary>
internal sealed class TestSessions : IDisposable
{
    private static int count;

    private readonly SessionDatabase? database;

    private TestSessions(SessionDatabase database)
    {
        this.database = database;
        (Store, Keys, Archive) = (new SqlSessionStore(database, Clock), new SqlCommandKeys(database, Clock), new SqlSessionArchive(database));
    }

    private TestSessions(SessionTables tables) =>
        (Store, Keys, Archive) = (new TableSessionStore(tables, Clock), new TableCommandKeys(tables, Clock), new TableSessionArchive(tables));

    public ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public ISessionStore Store { get; }

    public ICommandKeys Keys { get; }

    public ISessionArchive Archive { get; }

    public static Task<TestSessions> OnSqlite() => In(new($"Data Source=test-sessions-{Interlocked.Increment(ref count)};Mode=Memory;Cache=Shared"));

    public static async Task<TestSessions> OnPostgres() => await In(new(await Postgres.NewDatabase()));

    public static async Task<TestSessions> OnAzurite()
    {
        var tables = new SessionTables(await Azurite.NewSharedAccount());
        await tables.Create(default);
        return new(tables);
    }

    public static NewSession New(string checkout, string? key = null, CheckoutStatus status = CheckoutStatus.Cart) => new(
        Document(checkout, 1, status), $"secret of {checkout}", $$"""{"for":"{{checkout}}"}""", key is null ? null : new(key, "body", checkout, "salt"));

    public static SessionDocument Document(string checkout, long version, CheckoutStatus status = CheckoutStatus.Cart, string cart = "cart_1") => new(
        checkout, cart, status, version, "USD", [new("TEA-100", "Assam tea, 100 g", 2, 1250, 2500)], new("ada@example.com"), [], null, null, null, null, null, null,
        null, 2500, 0, null, SessionPayment.None, null, [], new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero));

    public static CommandAnswer Answer(string key, SessionDocument session, string? detail = null) => new(key, "body", AnswerCode.Ok, session, detail);

    public void Dispose() => database?.Dispose();

    private static async Task<TestSessions> In(SessionDatabase database)
    {
        var sessions = new TestSessions(database);
        await Migrations.Apply(database, "Sessions", sessions.Clock);
        return sessions;
    }
}
