namespace Benchmarks.Engine;

/// <summary>A folder for databases, deleted at the end. On the disk that is measured, so not in a temporary folder that may be memory.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly DirectoryInfo folder;
    private readonly Dictionary<int, string> filled = [];
    private int files;

    public Workspace(string path) => folder = Directory.CreateDirectory(Path.Combine(path, $"run-{Environment.ProcessId}"));

    public string Folder => folder.FullName;

    /// <summary>A file in memory where the system has such a folder: for measuring what isn't the disk.</summary>
    public static Workspace InMemory() => new(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "benchmarks"));

    public string NewFile() => Path.Combine(folder.FullName, $"{++files}.db");

    /// <summary>A file with so many finished checkouts: made once, because it takes a while.</summary>
    public async Task<string> Filled(int finished)
    {
        if (!filled.TryGetValue(finished, out var file))
            filled.Add(finished, file = await FilledFile.Create(this, finished));
        return file;
    }

    public static void Delete(string file)
    {
        foreach (var path in new[] { file, file + "-wal", file + "-shm" })
            File.Delete(path);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
