using Microsoft.Extensions.Configuration;

namespace LocalHost;

/// <summary>The app's settings as <c>func start</c> reads them: local.settings.json's Values, over which the environment wins.</summary>
public static class Settings
{
    public static IConfiguration Load() => Load(Find("local.settings.json"));

    public static IConfiguration Load(string? localSettings) => new ConfigurationBuilder()
        .AddInMemoryCollection(localSettings is null ? [] : Values(localSettings))
        .AddEnvironmentVariables()
        .Build();

    /// <summary>The file in the current directory, else beside the executable, else null.</summary>
    public static string? Find(string file) =>
        new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory }
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);

    private static IEnumerable<KeyValuePair<string, string?>> Values(string path) =>
        new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path)).Build()
            .GetSection("Values").AsEnumerable(makePathsRelative: true)
            .Where(setting => setting.Value is not null)
            .Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":"), setting.Value));
}
