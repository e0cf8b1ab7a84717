using System.Diagnostics;

namespace CheckoutFunctions.Tests.Durability;

/// <summary>A small file system of its own, in memory, that a test fills to the last page and makes room on again.</summary>
internal sealed class DiskSpace : IDisposable
{
    private const int Page = 4096;

    private readonly DirectoryInfo mount = Directory.CreateTempSubdirectory("small-disk-");

    public DiskSpace(int megabytes)
    {
        if (!Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", mount.FullName))
            throw new InvalidOperationException("No tmpfs can be mounted here.");
    }

    public static bool CanMount { get; } = TryMount();

    public string Folder => Path.Combine(mount.FullName, "data");

    private string Ballast => Path.Combine(mount.FullName, "ballast");

    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 16 * Page, Page })
        {
            while (Write(ballast, new byte[size]))
            {
            }
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    /// <summary>As a file that belongs to somebody else: not even root may write it.</summary>
    public static IDisposable ReadOnly(string file)
    {
        Assert.True(Run("mount", "--bind", file, file) && Run("mount", "-o", "remount,ro,bind", file), $"{file} can't be made read-only.");
        return new Mounted(file);
    }

    public void Dispose()
    {
        Run("umount", "-l", mount.FullName);
        mount.Delete(recursive: true);
    }

    private static bool Write(FileStream file, byte[] bytes)
    {
        try
        {
            file.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool TryMount()
    {
        try
        {
            using var disk = new DiskSpace(1);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private sealed class Mounted(string path) : IDisposable
    {
        public void Dispose() => Run("umount", path);
    }
}

public sealed class SmallDiskFactAttribute() : NeedsAttribute(DiskSpace.CanMount, "No tmpfs can be mounted here: that takes Linux and root's rights.");
