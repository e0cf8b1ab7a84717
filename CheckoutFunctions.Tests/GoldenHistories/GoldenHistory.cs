using LocalHost.Engine;
using LocalHost.Storage;

namespace CheckoutFunctions.Tests.GoldenHistories;

/// <summary>A recorded checkout, one event a line after the line that names its execution.</summary>
internal sealed record GoldenHistory(string Name, string InstanceId, string ExecutionId, IReadOnlyList<HistoryEvent> Events)
{
    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "GoldenHistories");

    public Instance Instance => new(
        InstanceId, ExecutionId, 0, Started.Name, OrchestrationRuntimeStatus.Running, Started.Timestamp, Started.Timestamp, Started.Input, null, null, null, 0);

    private ExecutionStarted Started => Events.OfType<ExecutionStarted>().First();

    public static IEnumerable<string> Names() =>
        Directory.GetFiles(Folder, "*.jsonl").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal);

    public static GoldenHistory Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".jsonl"));
        var ids = lines[0].Split(' ');
        return new(name, ids[0], ids[1], lines.Skip(1).Select(HistoryEvent.Parse).ToList());
    }

    public void Write(string folder) =>
        File.WriteAllLines(Path.Combine(folder, Name + ".jsonl"), Events.Select(happened => happened.ToJson()).Prepend($"{InstanceId} {ExecutionId}"));
}
