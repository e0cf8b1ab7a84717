using System.Text.Json.Nodes;
using Sandbox.Calls;

namespace Sandbox.Braintree;

/// <summary>When captured money settles: at once, unless a test holds it back. A test's wish and no provider's memory: a restart settles again.</summary>
internal sealed class Settlement
{
    private volatile bool held;

    public bool IsHeld => held;

    /// <summary>Reads <c>POST /_sandbox/settlement</c>: <c>{ "mode": "at_once|held" }</c>.</summary>
    public Answer Set(JsonObject? body)
    {
        if (body.Text("mode") is not ("at_once" or "held"))
            return Problem.Invalid([("/mode", "'mode' must be one of at_once, held.")]);
        held = body.Text("mode") == "held";
        return Answer.Of(200, new { mode = held ? "held" : "at_once" });
    }
}
