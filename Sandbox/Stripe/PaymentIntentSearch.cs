using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandbox.Stripe;

/// <summary>Lists intents, newest first, and searches them in Stripe's query language (clauses joined with AND, or with OR).</summary>
internal static partial class PaymentIntentSearch
{
    public static JsonObject List(PaymentIntents intents, StripeForm form)
    {
        var limit = Limit(form);
        var found = intents.Newest().Where(Created(form));
        if (form.Text("customer") is { } customer)
            found = found.Where(intent => intent.Customer == customer);
        if (form.Text("starting_after") is { } after)
            found = found.SkipWhile(intent => intent.Id != after).Skip(1);
        if (form.Text("ending_before") is { } before)
            found = found.TakeWhile(intent => intent.Id != before).TakeLast(limit);
        var page = found.Take(limit + 1).ToArray();
        return StripeJson.List("/v1/payment_intents", page.Take(limit).Select(intent => StripeJson.Of(intent, form.Expand)), page.Length > limit);
    }

    public static JsonObject Search(PaymentIntents intents, StripeForm form)
    {
        var matches = Matcher(form.Text("query") ?? throw StripeRefusal.Missing("query"));
        var limit = Limit(form);
        var start = form.Text("page") is not { } cursor ? 0
            : int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset
            : throw StripeRefusal.Invalid(null, "Invalid page.", "page");
        var page = intents.Newest().Where(matches).Skip(start).Take(limit + 1).ToArray();
        var json = StripeJson.List("/v1/payment_intents/search", page.Take(limit).Select(intent => StripeJson.Of(intent, form.Expand)), page.Length > limit);
        json["object"] = "search_result";
        json["next_page"] = page.Length > limit ? (start + limit).ToString(CultureInfo.InvariantCulture) : null;
        return json;
    }

    public static JsonObject ListRefunds(PaymentIntents intents, StripeForm form)
    {
        var limit = Limit(form);
        var found = intents.NewestRefunds();
        if (form.Text("payment_intent") is { } id)
            found = found.Where(refund => refund.PaymentIntent == intents.Get(id).Id);
        if (form.Text("starting_after") is { } after)
            found = found.SkipWhile(refund => refund.Id != after).Skip(1);
        var page = found.Take(limit + 1).ToArray();
        return StripeJson.List("/v1/refunds", page.Take(limit).Select(StripeJson.Of), page.Length > limit);
    }

    private static int Limit(StripeForm form) => form.Integer("limit") switch
    {
        null => 10,
        >= 1 and <= 100 and var limit => (int)limit,
        _ => throw StripeRefusal.Invalid("parameter_invalid_integer", "Invalid integer: limit must be between 1 and 100", "limit"),
    };

    private static Func<PaymentIntent, bool> Created(StripeForm form)
    {
        var (least, above, most, below) =
            (form.Integer("created[gte]"), form.Integer("created[gt]"), form.Integer("created[lte]"), form.Integer("created[lt]"));
        return intent => !(intent.Created < least || intent.Created <= above || intent.Created > most || intent.Created >= below);
    }

    private static Func<PaymentIntent, bool> Matcher(string query)
    {
        var any = query.Contains(" OR ", StringComparison.Ordinal);
        var clauses = query.Split(any ? " OR " : " AND ", StringSplitOptions.TrimEntries).Select(Clause).ToArray();
        return any ? intent => clauses.Any(clause => clause(intent)) : intent => clauses.All(clause => clause(intent));
    }

    private static Func<PaymentIntent, bool> Clause(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match)
            throw Unparsable();
        var (not, field, by, value) = (match.Groups["not"].Success, match.Groups["field"].Value, match.Groups["by"].Value, match.Groups["value"].Value);
        Func<PaymentIntent, bool> matches = match.Groups["key"] is { Success: true, Value: var key }
            ? intent => intent.Metadata.GetValueOrDefault(key) == value
            : field switch
            {
                "status" => intent => intent.Status == value,
                "currency" => intent => intent.Currency == value.ToLowerInvariant(),
                "customer" => intent => intent.Customer == value,
                "amount" => Number(intent => intent.Amount, by, value),
                "created" => Number(intent => intent.Created, by, value),
                _ => throw Unparsable(),
            };
        return not ? intent => !matches(intent) : matches;
    }

    private static Func<PaymentIntent, bool> Number(Func<PaymentIntent, long> field, string by, string text)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            throw Unparsable();
        return by switch
        {
            ">" => intent => field(intent) > value,
            ">=" => intent => field(intent) >= value,
            "<" => intent => field(intent) < value,
            "<=" => intent => field(intent) <= value,
            _ => intent => field(intent) == value,
        };
    }

    private static StripeRefusal Unparsable() => StripeRefusal.Invalid(null, "We were unable to parse your search query. For more information on search query language, see https://stripe.com/docs/search#search-query-language.", "query");

    [GeneratedRegex("""^(?<not>-)?(?:metadata\[['"](?<key>[^'"]+)['"]\]|(?<field>[a-z_]+))(?<by>:|>=|<=|>|<)['"]?(?<value>[^'"]*)['"]?$""")]
    private static partial Regex Pattern();
}
