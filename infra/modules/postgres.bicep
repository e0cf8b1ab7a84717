// Orders, stock and discounts: PostgreSQL that lets only Entra identities in, the app's among them. No password exists.
param name string
param location string
param tags object

@description('The app, which owns its tables.')
param principalId string

@description('Its name at the server.')
param principalName string

@description('A second server in another zone, and 35 days of backups instead of 7.')
param highlyAvailable bool

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: name
  location: location
  tags: tags
  sku: highlyAvailable ? { name: 'Standard_D2ds_v5', tier: 'GeneralPurpose' } : { name: 'Standard_B1ms', tier: 'Burstable' }
  properties: {
    version: '16'
    storage: { storageSizeGB: 32, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: highlyAvailable ? 35 : 7, geoRedundantBackup: 'Disabled' }
    highAvailability: { mode: highlyAvailable ? 'ZoneRedundant' : 'Disabled' }
    authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: 'Disabled', tenantId: tenant().tenantId }
    network: { publicNetworkAccess: 'Enabled' }
  }
}

resource orders 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: server
  name: 'orders'
}

// Azure's own addresses, which the app comes from: whoever comes must still be let in by Entra ID.
resource azure 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2024-08-01' = {
  parent: server
  name: 'AllowAzure'
  properties: { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' }
  // The server takes one change at a time.
  dependsOn: [orders]
}

resource app 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2024-08-01' = {
  parent: server
  name: principalId
  properties: { principalName: principalName, principalType: 'ServicePrincipal', tenantId: tenant().tenantId }
  dependsOn: [azure]
}

output connectionString string = 'Host=${server.properties.fullyQualifiedDomainName};Database=${orders.name};Username=${principalName};SSL Mode=VerifyFull'
