using Dapper;
using Microsoft.Data.Sqlite;

namespace Sandbox;

/// <summary>A payment that reached the card network, as the provider holds it: minor units, ISO currency in upper case.</summary>
/// <param name="Reference">The shop's own reference: the checkout id.</param>
/// <param name="State">authorized, captured, voided, refunded (all of it), declined or action_required.</param>
internal sealed record LedgerPayment(
    string Provider, string Id, string? Reference, long Amount, string Currency, string State, long Captured, long Refunded);

/// <summary>A tax document in minor units; a refund's are negative. State is committed or voided.</summary>
internal sealed record LedgerTaxDocument(string Provider, string Id, long Amount, long Tax, string State);

/// <summary>The money and the tax as the providers state them, and how often each operation was called. Tests compare a shop with it.</summary>
internal static class Ledger
{
    public static void Record(this SqliteConnection database, LedgerPayment payment) => database.Execute(
        "INSERT INTO payments VALUES (@Provider, @Id, @Reference, @Amount, @Currency, @State, @Captured, @Refunded) " +
        "ON CONFLICT (provider, id) DO UPDATE SET state = excluded.state, captured = excluded.captured, refunded = excluded.refunded, reference = excluded.reference", payment);

    public static void Record(this SqliteConnection database, LedgerTaxDocument document) => database.Execute(
        "INSERT INTO tax_documents VALUES (@Provider, @Id, @Amount, @Tax, @State) " +
        "ON CONFLICT (provider, id) DO UPDATE SET amount = excluded.amount, tax = excluded.tax, state = excluded.state", document);

    public static void Void(this SqliteConnection database, string provider, string taxDocument) => database.Execute(
        "UPDATE tax_documents SET state = 'voided' WHERE provider = @provider AND id = @taxDocument", new { provider, taxDocument });

    /// <summary>Counts a call that arrived, whatever became of it.</summary>
    public static void Count(this SqliteConnection database, string provider, string operation) => database.Execute(
        "INSERT INTO calls VALUES (@name, 1) ON CONFLICT (name) DO UPDATE SET count = count + 1", new { name = $"{provider}.{operation}" });

    public static object Read(SqliteConnection database) => new
    {
        payments = database.Query<LedgerPayment>("SELECT * FROM payments ORDER BY rowid").ToArray(),
        tax_documents = database.Query<LedgerTaxDocument>("SELECT * FROM tax_documents ORDER BY rowid").ToArray(),
        calls = database.Query<(string Name, long Count)>("SELECT name, count FROM calls ORDER BY name").ToDictionary(call => call.Name, call => call.Count),
    };
}
