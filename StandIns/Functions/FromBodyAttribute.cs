namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>The parameter is the request's body.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class FromBodyAttribute : Attribute;
