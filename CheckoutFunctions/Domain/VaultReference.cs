namespace CheckoutFunctions.Domain;

/// <summary>A setting that names a secret in Azure's Key Vault. The platform replaces it by the secret; where it can't, the app would take the name for the secret.</summary>
public static class VaultReference
{
    /// <summary>Throws a sentence that names the setting where its reference wasn't resolved.</summary>
    public static void RefuseUnresolved(string setting, string? value)
    {
        if (value?.StartsWith("@Microsoft.KeyVault", StringComparison.OrdinalIgnoreCase) == true)
            throw new InvalidOperationException($"The setting {setting} is a Key Vault reference that wasn't resolved: is it in the vault, and may the app read it?");
    }
}
