using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>A transaction as the Table service takes it: a change set in a multipart body.</summary>
internal static partial class TableBatch
{
    public static (string ContentType, string Body) Write(IReadOnlyList<TableTransactionAction> actions, Func<ITableEntity?, string> addressOf)
    {
        var (batch, set) = ($"batch_{Guid.NewGuid()}", $"changeset_{Guid.NewGuid()}");
        var body = new StringBuilder().Append($"--{batch}\r\nContent-Type: multipart/mixed; boundary={set}\r\n\r\n");
        for (var index = 0; index < actions.Count; index++)
        {
            var action = actions[index];
            var (method, isNew, isConditional) = Call(action.ActionType);
            body.Append($"--{set}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {index}\r\n\r\n");
            body.Append($"{method} {addressOf(isNew ? null : action.Entity)} HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0;NetFx\r\n");
            if (isNew)
                body.Append("Prefer: return-no-content\r\n");
            if (isConditional)
                body.Append($"If-Match: {(action.ETag == default ? ETag.All : action.ETag).ToString("H")}\r\n");
            body.Append(action.ActionType == TableTransactionActionType.Delete ? "\r\n" : $"Content-Type: application/json\r\n\r\n{TableJson.Write(action.Entity)}\r\n");
        }

        return ($"multipart/mixed; boundary={batch}", body.Append($"--{set}--\r\n--{batch}--\r\n").ToString());
    }

    /// <summary>What went wrong in it, if anything did: then nothing of it happened.</summary>
    public static TableTransactionFailedException? FaultIn(string answer)
    {
        var status = Status().Matches(answer).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).FirstOrDefault(status => status >= 400);
        if (status == 0)
            return null;
        var (code, message) = TableFault.Read(answer[Math.Max(0, answer.IndexOf('{', StringComparison.Ordinal))..(answer.LastIndexOf('}') + 1)]);
        var index = Index().Match(message ?? "") is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : (int?)null;
        return new(status, code, message ?? "The transaction failed.", index);
    }

    private static (string Method, bool IsNew, bool IsConditional) Call(TableTransactionActionType type) => type switch
    {
        TableTransactionActionType.Add => ("POST", true, false),
        TableTransactionActionType.UpdateMerge => ("MERGE", false, true),
        TableTransactionActionType.UpdateReplace => ("PUT", false, true),
        TableTransactionActionType.Delete => ("DELETE", false, true),
        TableTransactionActionType.UpsertMerge => ("MERGE", false, false),
        _ => ("PUT", false, false),
    };

    [GeneratedRegex(@"^HTTP/1\.1 (\d{3})", RegexOptions.Multiline)]
    private static partial Regex Status();

    /// <summary>The service begins its message with the number of the action.</summary>
    [GeneratedRegex(@"^(\d+):")]
    private static partial Regex Index();
}

internal static class TableFault
{
    public static (string? Code, string? Message) Read(string body)
    {
        try
        {
            var error = JsonElement.Parse(body).GetProperty("odata.error");
            return (error.GetProperty("code").GetString(), error.GetProperty("message").GetProperty("value").GetString());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (null, null);
        }
    }

    public static RequestFailedException Of(Response response)
    {
        var (code, message) = Read(response.Content.ToString());
        return new(response.Status, message ?? response.ReasonPhrase, code, null);
    }
}
