namespace LocalHost;

/// <summary>The folder with everything that this host remembers, held by one host at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    public const string DurableFile = "durable.db";
    public const string QueuesFile = "queues.db";
    public const string TimersFile = "timers.db";

    // EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] SharingViolations = [11, 35, unchecked((int)0x80070020)];

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
        try
        {
            Directory.CreateDirectory(path);
            return new DataFolder(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken) when (SharingViolations.Contains(taken.HResult))
        {
            throw new LocalHostException($"Another LocalHost is running on the data folder {path}: stop it, or set LocalHost__Data to another folder.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LocalHostException($"The data folder {path} can't be used ({failure.Message}): make it writable, or set LocalHost__Data to another folder.");
        }
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => held.Dispose();
}
