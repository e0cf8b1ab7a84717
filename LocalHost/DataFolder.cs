namespace LocalHost;

/// <summary>The folder with everything that this host remembers, held by one host at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream held;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    public string Path { get; }

    /// <summary>The lock is the operating system's, so that it ends with the process, however that ends.</summary>
    public static DataFolder Hold(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        Directory.CreateDirectory(path);
        try
        {
            return new DataFolder(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new LocalHostException($"Another LocalHost is running on the data folder {path}: stop it, or set LocalHost__Data to another folder.");
        }
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => held.Dispose();
}
