using System.Text;
using LocalHost.Functions;
using Microsoft.AspNetCore.Http;

namespace LocalHost.HttpTriggers;

/// <summary>The request's body, for a <c>[FromBody]</c> parameter. What can't be read is an unhandled exception: 500, as on Azure.</summary>
internal static class RequestBody
{
    /// <summary>Null where the function doesn't bind it: then the body is the function's to read.</summary>
    public static async Task<byte[]?> Load(LocalFunction function, HttpContext http)
    {
        if (!function.BindsBody)
            return null;

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
    }

    public static object? Read(HttpRequest request, byte[] body, Type type)
    {
        if (type == typeof(byte[]))
            return body;
        var text = Encoding.UTF8.GetString(body);
        if (type == typeof(string))
            return text;
        return request.HasJsonContentType()
            ? TriggerJson.Read(text, type)
            : throw new InvalidOperationException($"A body of type '{request.ContentType}' doesn't bind to {type.Name}: it has to be JSON.");
    }
}
