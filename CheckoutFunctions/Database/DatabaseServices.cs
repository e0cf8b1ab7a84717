using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CheckoutFunctions.Database;

public static class DatabaseServices
{
    private const string DefaultFolder = ".data";

    /// <summary>
    /// <c>Orders__ConnectionString</c>, of PostgreSQL or SQLite. Empty: an SQLite file in the host's data folder (<c>Data__Folder</c>, else
    /// <c>.data/</c>), but not on Azure, where a worker's disk goes with the worker and the orders with it.
    /// </summary>
    public static IServiceCollection AddShopDatabase(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(new ShopDatabase(ConnectionString(configuration, "Orders", "orders.db")))
        .AddHostedService(provider => new DatabaseSetup<ShopDatabase>(provider.GetRequiredService<ShopDatabase>(), "Shop", provider.GetRequiredService<TimeProvider>()));

    /// <summary>The same for <c>Sessions__ConnectionString</c>, where that is a database's.</summary>
    public static IServiceCollection AddSessionDatabase(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(new SessionDatabase(ConnectionString(configuration, "Sessions", "sessions.db")))
        .AddHostedService(provider => new DatabaseSetup<SessionDatabase>(provider.GetRequiredService<SessionDatabase>(), "Sessions", provider.GetRequiredService<TimeProvider>()));

    private static string ConnectionString(IConfiguration configuration, string section, string file)
    {
        if (configuration[$"{section}:ConnectionString"] is { Length: > 0 } given)
            return given;

        if (configuration["WEBSITE_INSTANCE_ID"] is { Length: > 0 })
            throw new InvalidOperationException($"{section}__ConnectionString is not set: on Azure a file on the worker's disk would be lost.");

        var folder = configuration["Data:Folder"] is { Length: > 0 } set ? set : DefaultFolder;
        // Whoever locks the file from outside is waited for this many seconds; then the caller is told to come again.
        return $"Data Source={Path.Combine(Directory.CreateDirectory(folder).FullName, file)};Default Timeout=5";
    }
}

/// <summary>Brings a database to this program's schema before any trigger runs.</summary>
internal sealed class DatabaseSetup<T>(T database, string set, TimeProvider clock) : IHostedLifecycleService
    where T : Database
{
    public Task StartingAsync(CancellationToken cancellationToken) => Migrations.Apply(database, set, clock, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
