using System.Net;

namespace CheckoutFunctions.Providers;

/// <summary>A provider that says when it wants to be asked again (<c>Retry-After</c> of a 429 or a 503) isn't asked before, whatever about.</summary>
internal sealed class QuietTime(TimeProvider time)
{
    /// <summary>Nobody keeps us from a buyer's money for longer.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private long until = long.MinValue;

    /// <summary>When the provider may be asked again; null: now. By the time that passes, so that setting the clock changes nothing.</summary>
    public DateTimeOffset? Until
    {
        get
        {
            var end = Interlocked.Read(ref until);
            var now = time.GetTimestamp();
            return end > now ? time.GetUtcNow() + time.GetElapsedTime(now, end) : null;
        }
    }

    public void Hear(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return;
        var wait = response.Headers.RetryAfter is { } asked ? asked.Delta ?? (asked.Date - time.GetUtcNow()) : null;
        if (wait is not { } quiet || quiet <= TimeSpan.Zero)
            return;

        var end = time.GetTimestamp() + (long)((quiet < Longest ? quiet : Longest).TotalSeconds * time.TimestampFrequency);
        for (var known = Interlocked.Read(ref until); known < end;)
        {
            var found = Interlocked.CompareExchange(ref until, end, known);
            known = found == known ? end : found;
        }
    }
}
