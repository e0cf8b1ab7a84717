using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CheckoutFunctions.Database;

public static class DatabaseServices
{
    private const string DefaultFolder = ".data";

    /// <summary>
    /// <c>Orders__ConnectionString</c> and <c>Sessions__ConnectionString</c>. Empty: SQLite files in the host's data folder (<c>Data__Folder</c>, else
    /// <c>.data/</c>), but not on Azure, where a worker's disk goes with the worker and the orders with it.
    /// </summary>
    public static IServiceCollection AddDatabases(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(new ShopDatabase(ConnectionString(configuration, "Orders", "orders.db")))
        .AddSingleton(new SessionDatabase(ConnectionString(configuration, "Sessions", "sessions.db")))
        .AddHostedService<DatabaseSetup>();

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

/// <summary>Brings the databases to this program's schema before any trigger runs.</summary>
internal sealed class DatabaseSetup(ShopDatabase shop, SessionDatabase sessions, TimeProvider clock) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await Migrations.Apply(shop, "Shop", clock, cancellationToken);
        await Migrations.Apply(sessions, "Sessions", clock, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
