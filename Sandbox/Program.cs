using System.Runtime.InteropServices;
using Sandbox;

var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
await using var sandbox = await SandboxApp.Start(SandboxOptions.From(configuration.GetSection("Sandbox")) with
{
    WebhookSecret = configuration["Stripe:WebhookSecret"]?.Split(',')[0].Trim(),
});
Console.WriteLine($"The sandbox answers at {sandbox.BaseAddress}");

using var stopping = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
await Task.Delay(Timeout.Infinite, stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopping.Cancel();
}
