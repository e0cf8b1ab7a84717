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

    [Theory]
    [InlineData("Host=127.0.0.1;Username=shop;Password=secret;Database=orders", "127.0.0.1/orders")]
    [InlineData("Server=db.example;Database=orders", "db.example/orders")]
    [InlineData("Data Source=:memory:", ":memory:")]
    public void The_connection_string_says_which_store_it_is(string given, string source)
    {
        using var services = Add(("Orders:ConnectionString", given), ("Sessions:ConnectionString", "Data Source=:memory:")).BuildServiceProvider();

        Assert.Equal(source, services.GetRequiredService<ShopDatabase>().Source);
    }

    [Theory]
    [InlineData("orders.db", "can't be read as a connection string.")]
    [InlineData("Host=x;Sssl=secret", "can't be read as a connection string.")]
    [InlineData("Endpoint=secret", "is neither PostgreSQL's (Host=…) nor SQLite's (Data Source=…).")]
    public void A_connection_string_that_is_none_stops_the_start_with_a_sentence_and_is_not_repeated(string given, string complaint)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => Add(("Orders:ConnectionString", given)));

        Assert.Equal($"The setting Orders__ConnectionString {complaint}", refused.Message);
    }

    private static ServiceCollection Add(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddShopDatabase(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value))
            .Build());
        return services;
    }
}
