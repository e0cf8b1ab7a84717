using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>Where an account's tables are, and how requests to them are signed.</summary>
internal sealed record TableConnection(Uri Endpoint, string Account, HttpPipelinePolicy Sign)
{
    /// <summary>The account of every storage emulator, whose key is published.</summary>
    private const string Emulator =
        "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;TableEndpoint=http://127.0.0.1:10002/devstoreaccount1";

    /// <summary>A storage connection string with a key.</summary>
    public static TableConnection Parse(string connectionString)
    {
        var words = connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(word => word.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : throw Bad(), StringComparer.OrdinalIgnoreCase);
        if (words.GetValueOrDefault("UseDevelopmentStorage") == "true")
            return Parse(Emulator);
        if (!words.TryGetValue("AccountName", out var account) || !words.TryGetValue("AccountKey", out var key))
            throw Bad();

        var endpoint = words.GetValueOrDefault("TableEndpoint")
            ?? $"{words.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.table.{words.GetValueOrDefault("EndpointSuffix", "core.windows.net")}";
        return new(new(endpoint.TrimEnd('/') + "/"), account, new SharedKeyPolicy(account, Convert.FromBase64String(key)));
    }

    private static FormatException Bad() => new("The connection string has no AccountName and AccountKey.");
}
