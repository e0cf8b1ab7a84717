using System.Threading.Channels;

namespace LocalHost.Engine;

/// <summary>Wakes the pump. Any number of signals before it looks count as one.</summary>
internal sealed class WorkSignal
{
    private readonly Channel<bool> signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => signals.Writer.TryWrite(true);

    public async Task Wait(CancellationToken cancellation) => await signals.Reader.ReadAsync(cancellation);
}
