// User-assigned rather than system-assigned: it exists, with its roles, before the app does, so that the app's first
// start has all it needs; and a re-created app keeps it.
param name string
param location string
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output principalId string = identity.properties.principalId
output name string = identity.name
output clientId string = identity.properties.clientId
