using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CheckoutFunctions.Estimates;

/// <summary>How long an estimate may take: <c>Checkout__EstimateMilliseconds</c>.</summary>
public sealed record EstimateOptions
{
    /// <summary>Of that, what reading the session, the last known rate and writing the answer take.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromMilliseconds(50);

    public TimeSpan Budget { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long the providers are waited for.</summary>
    public TimeSpan Patience => Budget - Reserve;
}

public static class EstimateServices
{
    public static IServiceCollection AddEstimates(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(Read(configuration)).AddSingleton<EstimateQuestions>().AddSingleton<Estimator>();

    /// <summary>Throws a sentence that names the setting at fault.</summary>
    internal static EstimateOptions Read(IConfiguration configuration) => configuration["Checkout:EstimateMilliseconds"] switch
    {
        null or "" => new(),
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 100 and <= 10_000 =>
            new() { Budget = TimeSpan.FromMilliseconds(milliseconds) },
        _ => throw new InvalidOperationException("The setting Checkout__EstimateMilliseconds must be a whole number from 100 to 10000."),
    };
}
