using Microsoft.Extensions.Hosting;

namespace CheckoutFunctions;

/// <summary>The worker's entry on Azure Functions and under <c>func start</c>. LocalHost runs the same functions without it.</summary>
public static class Program
{
    public static void Main(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddCheckoutFunctions(builder.Configuration);
        builder.Build().Run();
    }
}
