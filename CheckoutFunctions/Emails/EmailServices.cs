using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CheckoutFunctions.Emails;

public static class EmailServices
{
    private const string DefaultFolder = ".data";

    /// <summary>By the server that <c>Smtp__Host</c> names. Empty: to files in the host's data folder, but not on Azure, where nobody would see them.</summary>
    public static IServiceCollection AddEmails(this IServiceCollection services, IConfiguration configuration)
    {
        var from = EmailSender.Read(configuration);
        services
            .AddSingleton(provider => new EmailSender(from, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<SentEmails>();
        if (configuration["Smtp:Host"] is { Length: > 0 })
        {
            var options = SmtpOptions.Read(configuration.GetSection("Smtp"));
            return services.AddSingleton<IMailer>(provider => new SmtpMailer(options, provider.GetRequiredService<EmailSender>()));
        }

        if (configuration["WEBSITE_INSTANCE_ID"] is { Length: > 0 })
            throw new InvalidOperationException("Smtp__Host is not set: on Azure e-mails in a worker's folder would reach nobody.");

        var folder = Path.GetFullPath(Path.Combine(configuration["Data:Folder"] is { Length: > 0 } set ? set : DefaultFolder, "outbox"));
        return services.AddSingleton<IMailer>(provider => new FolderMailer(
            folder, provider.GetRequiredService<EmailSender>(), provider.GetRequiredService<ILogger<FolderMailer>>()));
    }
}
