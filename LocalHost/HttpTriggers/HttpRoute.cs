using LocalHost.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace LocalHost.HttpTriggers;

/// <summary>One function's route: template, constraints and methods.</summary>
internal sealed class HttpRoute
{
    private readonly TemplateMatcher template;
    private readonly IDictionary<string, IRouteConstraint> constraints;
    private readonly string[]? methods;

    public HttpRoute(LocalFunction function, string routePrefix, IInlineConstraintResolver resolver)
    {
        var trigger = (HttpTriggerAttribute)function.TriggerAttribute;
        // Azure Functions start with these and then answer nothing: better not to start at all.
        if (trigger.Route is "" or "/")
            throw new LocalHostException($"Function {function} has the route '{trigger.Route}', which Azure Functions can't serve: use '{{*path}}'.");

        var route = trigger.Route ?? function.Name;
        var parsed = TemplateParser.Parse(routePrefix.Length == 0 ? route : $"{routePrefix}/{route}");
        var defaults = parsed.Parameters.Where(parameter => parameter.DefaultValue is not null)
            .Select(parameter => KeyValuePair.Create(parameter.Name!, parameter.DefaultValue));
        template = new TemplateMatcher(parsed, new RouteValueDictionary(defaults));
        constraints = ConstraintsOf(parsed, resolver);
        methods = trigger.Methods is { Length: > 0 } ? trigger.Methods : null;
        Function = function;
        Level = trigger.AuthLevel;
    }

    public LocalFunction Function { get; }

    public AuthorizationLevel Level { get; }

    public bool Matches(HttpContext http, RouteValueDictionary values) =>
        (methods is null || methods.Contains(http.Request.Method, StringComparer.OrdinalIgnoreCase))
        && template.TryMatch(http.Request.Path, values)
        && constraints.All(constraint => constraint.Value.Match(http, null, constraint.Key, values, RouteDirection.IncomingRequest));

    private static IDictionary<string, IRouteConstraint> ConstraintsOf(RouteTemplate template, IInlineConstraintResolver resolver)
    {
        var builder = new RouteConstraintBuilder(resolver, template.TemplateText!);
        foreach (var parameter in template.Parameters)
        {
            if (parameter.IsOptional)
                builder.SetOptional(parameter.Name!);
            foreach (var constraint in parameter.InlineConstraints)
                builder.AddResolvedConstraint(parameter.Name!, constraint.Constraint);
        }

        return builder.Build();
    }
}
