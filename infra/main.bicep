// Everything that one checkout needs, into an existing resource group; one file per resource in modules/.
// Deployed again, it changes what differs and keeps the rest.
targetScope = 'resourceGroup'

import { addressProvider, paymentProvider, shippingProvider, taxProvider } from 'modules/providers.bicep'

@description('First part of every name: lower-case letters and digits, a letter first.')
@minLength(3)
@maxLength(12)
param prefix string = 'checkout'

@description('prod keeps data longer, in three zones, and lets nobody purge the vault; it needs a region with zones.')
@allowed(['dev', 'test', 'prod'])
param environmentName string = 'dev'

@description('A region that has Flex Consumption: az functionapp list-flexconsumption-locations')
param location string = resourceGroup().location

@description('Asked for an address in this order.')
param addressProviders addressProvider[] = ['Google']

@description('Asked for rates side by side; the order decides between equals.')
param shippingProviders shippingProvider[] = ['EasyPost']

@description('The ladder for tax: the first that answers.')
param taxProviders taxProvider[] = ['TaxJar']

@description('With Avalara among the taxProviders: its account, and the company that the tax is recorded for.')
param avalaraAccountId string = ''
param avalaraCompanyCode string = ''

@description('The one that holds and takes the money.')
param paymentsProvider paymentProvider = 'Stripe'

@description('The mail server that receipts go through, by STARTTLS, or by TLS on port 465.')
param smtpHost string
param smtpPort int = 587

@description('In whose name: an address, or Tea shop <orders@tea.example>.')
param smtpFrom string

@description('Empty: the server asks for no password.')
param smtpUsername string = ''

@description('What stands on receipts: Shop__Name, Shop__LegalName, Shop__TaxId, Shop__Email; and where parcels leave from.')
param shopSettings object = {}

@description('How far the app may scale out.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

// The same group, prefix and environment give the same names at every deployment.
var token = take(uniqueString(resourceGroup().id, prefix, environmentName), 8)
var suffix = '${prefix}-${environmentName}-${token}'
var isProduction = environmentName == 'prod'
var tags = {
  application: prefix
  environment: environmentName
}

module identity 'modules/identity.bicep' = {
  params: {
    name: 'id-${suffix}'
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: 'st${prefix}${token}'
    location: location
    tags: tags
    zoneRedundant: isProduction
  }
}

module logs 'modules/logs.bicep' = {
  params: {
    name: 'log-${suffix}'
    location: location
    tags: tags
    retentionInDays: isProduction ? 90 : 30
  }
}

module insights 'modules/insights.bicep' = {
  params: {
    name: 'appi-${suffix}'
    location: location
    tags: tags
    workspaceId: logs.outputs.id
  }
}

module vault 'modules/vault.bicep' = {
  params: {
    name: 'kv-${prefix}-${token}'
    location: location
    tags: tags
    protectFromPurge: isProduction
  }
}

module roles 'modules/roles.bicep' = {
  params: {
    principalId: identity.outputs.principalId
    storageName: storage.outputs.name
    insightsName: insights.outputs.name
    vaultName: vault.outputs.name
  }
}

module postgres 'modules/postgres.bicep' = {
  params: {
    name: 'psql-${suffix}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    principalName: identity.outputs.name
    highlyAvailable: isProduction
  }
}

module plan 'modules/plan.bicep' = {
  params: {
    name: 'plan-${suffix}'
    location: location
    tags: tags
  }
}

module functionApp 'modules/functionApp.bicep' = {
  params: {
    name: 'func-${suffix}'
    location: location
    tags: tags
    planId: plan.outputs.id
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    packagesUrl: storage.outputs.packagesUrl
    tableEndpoint: storage.outputs.tableEndpoint
    ordersConnectionString: postgres.outputs.connectionString
    insightsConnectionString: insights.outputs.connectionString
    vaultUri: vault.outputs.uri
    addressProviders: addressProviders
    shippingProviders: shippingProviders
    taxProviders: taxProviders
    paymentsProvider: paymentsProvider
    avalaraAccountId: avalaraAccountId
    avalaraCompanyCode: avalaraCompanyCode
    smtpHost: smtpHost
    smtpPort: smtpPort
    smtpFrom: smtpFrom
    smtpUsername: smtpUsername
    shopSettings: shopSettings
    maximumInstanceCount: maximumInstanceCount
  }
  // Without its roles the host's first start would find neither its storage nor its secrets.
  dependsOn: [roles]
}

output functionAppName string = functionApp.outputs.name
output url string = functionApp.outputs.url
output vaultName string = vault.outputs.name
output secretNames string[] = functionApp.outputs.secretNames
