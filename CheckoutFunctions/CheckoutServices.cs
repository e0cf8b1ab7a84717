using CheckoutFunctions.Addresses;
using CheckoutFunctions.Api;
using CheckoutFunctions.Checkout;
using CheckoutFunctions.Database;
using CheckoutFunctions.Discounts;
using CheckoutFunctions.Emails;
using CheckoutFunctions.Estimates;
using CheckoutFunctions.Inventory;
using CheckoutFunctions.Orders;
using CheckoutFunctions.Payments;
using CheckoutFunctions.Receipts;
using CheckoutFunctions.Reconciliation;
using CheckoutFunctions.Refunds;
using CheckoutFunctions.Reminders;
using CheckoutFunctions.Retention;
using CheckoutFunctions.Sessions;
using CheckoutFunctions.Shipping;
using CheckoutFunctions.Taxes;
using CheckoutFunctions.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CheckoutFunctions;

/// <summary>Everything the functions need: one line per folder. Both hosts call it.</summary>
public static class CheckoutServices
{
    public static IServiceCollection AddCheckoutFunctions(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddShopDatabase(configuration)
            .AddCheckout(configuration)
            .AddSessions(configuration)
            .AddAddresses(configuration)
            .AddShipping(configuration)
            .AddTaxes(configuration)
            .AddPayments(configuration)
            .AddInventory(configuration)
            .AddDiscounts()
            .AddEstimates(configuration)
            .AddOrders()
            .AddRefunds()
            .AddWebhooks(configuration)
            .AddEmails(configuration)
            .AddReceipts(configuration)
            .AddReconciliation()
            .AddReminders(configuration)
            .AddRetention(configuration)
            .AddSingleton<Callers>();
    }
}
