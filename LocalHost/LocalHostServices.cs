using LocalHost.Engine;
using LocalHost.Functions;
using LocalHost.HttpTriggers;
using LocalHost.Management;
using LocalHost.QueueTriggers;
using LocalHost.Storage;
using LocalHost.TimerTriggers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LocalHost;

internal static class LocalHostServices
{
    /// <summary>Everything that runs an app's functions. The app's own services come after, and may replace the clock.</summary>
    public static IServiceCollection AddLocalHost(this IServiceCollection services, LocalHostOptions options, DataFolder data)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddRouting().AddMvcCore();
        services.AddSingleton(options.Host);
        services.AddSingleton(new OperatorKey(options.OperatorKey is { Length: > 0 } key ? key : OperatorKey.NewValue()));
        services.AddSingleton(_ => FunctionCatalog.Discover(options.FunctionTypes));
        services.AddSingleton(provider => new StoreHealth(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<StoreHealth>>(), data.Path));
        services.AddSingleton<FunctionInvoker>();
        services.AddSingleton<HttpFunctions>();
        services.AddManagement();
        services.AddSingleton(provider => new QueueStore(
            data.File(DataFolder.QueuesFile), provider.GetRequiredService<TimeProvider>(), MessageEncoding.Of(options.Host)));
        services.AddSingleton<QueueOutputs>();
        services.AddSingleton<QueueMessages>();
        services.AddHostedService<QueueListener>();
        services.AddSingleton(_ => new TimerStatusStore(data.File(DataFolder.TimersFile)));
        services.AddHostedService<TimerListener>();
        return services.AddEngine(data);
    }

    private static IServiceCollection AddEngine(this IServiceCollection services, DataFolder data)
    {
        services.AddSingleton<ITaskFunctions, TaskFunctions>();
        services.AddSingleton<IOrchestrationStore>(_ => new SqliteOrchestrationStore(data.File(DataFolder.DurableFile)));
        services.AddSingleton(provider => new DurableEngine(
            provider.GetRequiredService<IOrchestrationStore>(),
            provider.GetRequiredService<ITaskFunctions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            new EngineOptions { Versions = provider.GetRequiredService<HostJson>().Versions },
            health: provider.GetRequiredService<StoreHealth>()));
        services.AddSingleton<DurableTaskClient, LocalDurableTaskClient>();
        return services.AddHostedService<EngineService>();
    }
}
