using CheckoutFunctions.Database;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Tests.Database;

public sealed class DatabaseServicesTests
{
    [Fact]
    public void On_Azure_orders_are_never_kept_on_a_disk_that_goes_with_the_worker()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Add(("WEBSITE_INSTANCE_ID", "abc")));

        Assert.StartsWith("Orders__ConnectionString is not set", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_connection_strings_the_files_are_in_the_data_folder()
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var services = Add(("Data:Folder", folder)).BuildServiceProvider();

            Assert.NotNull(services.GetService<ShopDatabase>());
            Assert.True(Directory.Exists(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ServiceCollection Add(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddDatabases(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value))
            .Build());
        return services;
    }
}
