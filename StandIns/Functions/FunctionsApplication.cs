using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The worker's entry. It compiles, and builds a host without functions: running them without the SDK is LocalHost's work.</summary>
public static class FunctionsApplication
{
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}

public sealed class FunctionsApplicationBuilder
{
    private readonly HostApplicationBuilder builder;

    internal FunctionsApplicationBuilder(string[] args) => builder = Host.CreateApplicationBuilder(args);

    public IServiceCollection Services => builder.Services;

    public ConfigurationManager Configuration => builder.Configuration;

    public IHostEnvironment Environment => builder.Environment;

    public IHost Build() => builder.Build();
}

public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder) => builder;
}
