using LocalHost;

try
{
    var hostJson = Settings.Find("host.json") is { } path ? HostJson.Read(path) : new HostJson();
    await using var host = await LocalHostApp.Start(LocalHostOptions.From(Settings.Load(), hostJson));
    Banner.Write(Console.Out, host);
    await host.WaitForShutdown();
    return 0;
}
catch (LocalHostException reason)
{
    Console.Error.WriteLine(reason.Message);
    return 1;
}
