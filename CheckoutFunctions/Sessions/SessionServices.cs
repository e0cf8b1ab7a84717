using CheckoutFunctions.Database;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Sessions;

public static class SessionServices
{
    /// <summary>Where <c>Sessions__ConnectionString</c> says: a storage account's tables, or a database.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<SessionSignals>();
        return configuration["Sessions:ConnectionString"] is { } account && SessionTables.IsNamedBy(account)
            ? services
                .AddSingleton(new SessionTables(account))
                .AddSingleton<ICommandKeys, TableCommandKeys>()
                .AddSingleton<ISessionStore, TableSessionStore>()
                .AddSingleton<ISessionArchive, TableSessionArchive>()
                .AddHostedService<SessionTablesSetup>()
            : services
                .AddSessionDatabase(configuration)
                .AddSingleton<ICommandKeys, SqlCommandKeys>()
                .AddSingleton<ISessionStore, SqlSessionStore>()
                .AddSingleton<ISessionArchive, SqlSessionArchive>();
    }
}
