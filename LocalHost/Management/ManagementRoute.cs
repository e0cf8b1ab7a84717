using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace LocalHost.Management;

/// <summary>One call of the management API. Literals match in any case, and a trailing slash doesn't count.</summary>
internal sealed class ManagementRoute(string method, string template, Func<ManagementCall, Task<IResult>> answer)
{
    private readonly TemplateMatcher matcher = new(TemplateParser.Parse(template), []);

    public string Method => method;

    public Func<ManagementCall, Task<IResult>> Answer => answer;

    public bool Matches(HttpRequest request, out RouteValueDictionary values)
    {
        values = [];
        return HttpMethods.Equals(request.Method, method) && matcher.TryMatch(request.Path, values);
    }
}
