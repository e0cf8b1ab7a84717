using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>Signs each try of a request with the account's key: SharedKeyLite of the Table service.</summary>
internal sealed class SharedKeyPolicy(TableConnection connection) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var date = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        var path = message.Request.Uri.ToUri().AbsolutePath;
        var signed = HMACSHA256.HashData(connection.Key, Encoding.UTF8.GetBytes($"{date}\n/{connection.Account}{path}"));
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", $"SharedKeyLite {connection.Account}:{Convert.ToBase64String(signed)}");
    }
}
