// The providers' keys. It is created empty: an operator sets the secrets, so that none passes through a template.
param name string
param location string
param tags object

@description('Nobody can delete it for good before its 90 days are over. Cannot be switched off again.')
param protectFromPurge bool

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: protectFromPurge ? 90 : 7
    // null, not false: the service refuses false.
    enablePurgeProtection: protectFromPurge ? true : null
  }
}

output name string = vault.name
output uri string = vault.properties.vaultUri
