using CheckoutFunctions.Checkout;
using CheckoutFunctions.Domain;
using CheckoutFunctions.Sessions;
using Microsoft.AspNetCore.Http;

namespace CheckoutFunctions.Api;

/// <summary>The <c>Idempotency-Key</c> header: the same key gives the same answer, with another body a conflict.</summary>
public static class IdempotencyKey
{
    public static Problem Conflict => new("idempotency_conflict", "This Idempotency-Key was used for a request with another body.");

    public static string? Of(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length > 255)
            throw new ProblemException(new("invalid_request", "The Idempotency-Key is longer than 255 characters."));
        return key.Length == 0 ? null : key;
    }

    /// <summary>A command under the client's key; without one, unique, so that each request is an act of its own.</summary>
    public static CheckoutCommand Command(HttpRequest request, RequestBody body, CommandKind kind)
    {
        var id = Secrets.NewId("req_");
        // The route belongs to the key: one key for two routes is two requests.
        var route = kind == CommandKind.ConfirmPayment ? CommandKind.Complete : kind;
        return Of(request) is { } key
            ? new CheckoutCommand(kind, Secrets.Hash($"{route}:{key}"), id, body.Hash)
            : new CheckoutCommand(kind, id, id, body.Hash);
    }

    /// <summary>To complete without a key is to pay this checkout's total with this card: tapping twice is one payment, a new total a new decision.</summary>
    public static CheckoutCommand PayCommand(HttpRequest request, RequestBody body, CompleteRequest complete, SessionDocument session)
    {
        var command = complete.IsConfirmation
            ? Command(request, body, CommandKind.ConfirmPayment)
            : Command(request, body, CommandKind.Complete) with { PaymentToken = complete.PaymentToken, AgreedTotal = complete.GrandTotal };
        if (complete.IsConfirmation || Of(request) is not null)
            return command;

        var derived = Secrets.Hash($"pay:{complete.PaymentToken}:{complete.GrandTotal}:{session.GrandTotal}");
        return command with { Key = derived, RequestHash = derived, KeyIsDerived = true };
    }
}
