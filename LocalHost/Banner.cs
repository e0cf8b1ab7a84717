namespace LocalHost;

internal static class Banner
{
    public static void Write(TextWriter writer, LocalHostApp host)
    {
        writer.WriteLine($"""

            The checkout is running.

              API           {host.Api}api/checkout
              health        {host.Api}api/health
              sandbox       {(host.Sandbox is { } sandbox ? $"{sandbox}  (ledger: {sandbox}_sandbox/ledger)" : "not started (Sandbox__Port is 0)")}
              operator key  {host.OperatorKey}
              instances     {host.Api}runtime/webhooks/durabletask/instances?code={host.OperatorKey}
              data          {host.DataFolder}

            Ctrl-C stops it.

            """);
    }
}
