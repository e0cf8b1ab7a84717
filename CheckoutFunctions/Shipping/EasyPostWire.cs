namespace CheckoutFunctions.Shipping;

// What of EasyPost's bodies is used.
internal sealed record EasyPostQuestion(EasyPostShipment Shipment);

internal sealed record EasyPostShipment(EasyPostPlace FromAddress, EasyPostPlace ToAddress, EasyPostParcel Parcel);

internal sealed record EasyPostPlace(string? Street1, string? Street2, string? City, string? State, string? Zip, string Country);

/// <param name="Weight">In ounces.</param>
internal sealed record EasyPostParcel(decimal Weight);

internal sealed record EasyPostAnswer(IReadOnlyList<EasyPostRate> Rates, IReadOnlyList<EasyPostMessage>? Messages = null);

/// <param name="Rate">In major units, as a decimal string.</param>
internal sealed record EasyPostRate(string Carrier, string Service, decimal Rate, string Currency, int? DeliveryDays = null, int? EstDeliveryDays = null);

internal sealed record EasyPostMessage(string? Carrier = null, string? Message = null);

internal sealed record EasyPostErrorAnswer(EasyPostError Error);

internal sealed record EasyPostError(string Code, string? Message = null);
