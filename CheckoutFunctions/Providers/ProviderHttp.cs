using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using CheckoutFunctions.Domain;

namespace CheckoutFunctions.Providers;

/// <summary>How an adapter calls its provider: keyed by the provider's name. A fault is a <see cref="ProviderException"/>.</summary>
public sealed class ProviderHttp(IHttpClientFactory clients, ProviderOptions options)
{
    public string ApiKey => options.ApiKey;

    /// <summary>A request to a path (<c>/v2/taxes</c>) below the base URL, with a JSON body if one is given.</summary>
    public HttpRequestMessage Request(HttpMethod method, string path, object? body = null, JsonSerializerOptions? json = null) =>
        new(method, new Uri(options.BaseUrl.AbsoluteUri.TrimEnd('/') + path))
        {
            Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: json),
        };

    public async Task<ProviderResponse> Send(string operation, HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Options.Set(ProviderHandler.Operation, operation);
        using var client = clients.CreateClient(options.Name);
        using var response = await client.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        return new(options.Name, operation, response.StatusCode, body, response.IsSuccessStatusCode
            ? $"answered {(int)response.StatusCode}."
            : await SafeText.Describe(response, options.ApiKey));
    }
}

/// <summary>A provider's answer: 2xx, or a 4xx that may be a "no".</summary>
public sealed class ProviderResponse(string provider, string operation, HttpStatusCode status, byte[] body, string safeText)
{
    public HttpStatusCode Status => status;

    public bool IsSuccess => (int)status is >= 200 and < 300;

    /// <summary>The body as that type. What it lacks or what doesn't fit is a fault; fields that the type doesn't know are ignored.</summary>
    public T Read<T>(JsonSerializerOptions json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, json) ?? throw Malformed("null");
        }
        catch (JsonException e)
        {
            throw Malformed(e.Path ?? "not JSON");
        }
    }

    /// <summary>The body of an error, or null where it isn't one of that type.</summary>
    public T? ReadError<T>(JsonSerializerOptions json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An amount that the provider wrote in major units, in minor ones. Nobody charges less than nothing, or a billion.</summary>
    public long Minor(decimal major, string currency) =>
        major is >= 0 and < 1_000_000_000 ? Currencies.ToMinor(major, currency) : throw Malformed("amount out of range");

    /// <summary>An answer that the adapter has no meaning for.</summary>
    public ProviderException Unexpected() => new(provider, operation, safeText);

    /// <summary>An answer that can't be what the provider means; <paramref name="where"/> names the place, never the content.</summary>
    public ProviderException Malformed(string where) => new(provider, operation, $"answered {(int)status} with a body that can't be read ({where}).");
}

/// <summary>The JSON dialects. Numbers may come as strings; what a type requires must be there and not null.</summary>
public static class ProviderJson
{
    public static JsonSerializerOptions SnakeCase { get; } = Options(JsonNamingPolicy.SnakeCaseLower);

    public static JsonSerializerOptions CamelCase { get; } = Options(JsonNamingPolicy.CamelCase);

    private static JsonSerializerOptions Options(JsonNamingPolicy naming) => new()
    {
        PropertyNamingPolicy = naming,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
