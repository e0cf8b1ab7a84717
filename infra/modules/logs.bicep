// Where Application Insights keeps its data.
param name string
param location string
param tags object

@description('Days; 30 are in the price of ingestion.')
param retentionInDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionInDays
    features: { disableLocalAuth: true }
  }
}

output id string = workspace.id
