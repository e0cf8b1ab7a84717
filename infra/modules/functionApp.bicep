// The checkout itself: .NET 10 isolated on Flex Consumption.
import { addressProvider, mailProvider, paymentProvider, secretName, secretReference, secretSettings, shippingProvider, taxProvider } from 'providers.bicep'

param name string
param location string
param tags object
param planId string
param identityId string
param identityClientId string
param storageName string

@description('The blob container that deployments upload to.')
param packagesUrl string

@description('The account that holds the session documents.')
param tableEndpoint string

@description('Where the orders are; without a password, the app signs in as itself.')
param ordersConnectionString string

param insightsConnectionString string
param vaultUri string
param addressProviders addressProvider[]
param shippingProviders shippingProvider[]
param taxProviders taxProvider[]
param paymentsProvider paymentProvider

@description('Of AvaTax, which needs them beside its key.')
param avalaraAccountId string
param avalaraCompanyCode string

@description('The mail server; without a user name it takes e-mails unsigned.')
param smtpHost string
param smtpPort int
param smtpFrom string
param smtpUsername string

@description('Shop__Name and what else stands on receipts.')
param shopSettings object

param maximumInstanceCount int

// FUNCTIONS_WORKER_RUNTIME and FUNCTIONS_EXTENSION_VERSION are missing on purpose: Flex Consumption refuses them.
var platformSettings = {
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  // Who the app is where it signs in by itself: the tables and the database.
  AZURE_CLIENT_ID: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

var checkoutSettings = {
  Sessions__ConnectionString: 'TableEndpoint=${tableEndpoint}'
  Orders__ConnectionString: ordersConnectionString
  Addresses__Providers: join(addressProviders, ',')
  Shipping__Providers: join(shippingProviders, ',')
  Taxes__Providers: join(taxProviders, ',')
  Payments__Provider: paymentsProvider
  // Timers name their schedules by setting: without one a function doesn't start.
  Idempotency__PurgeSchedule: '0 7 * * * *'
  Reconciliation__Schedule: '0 */15 * * * *'
  Reminders__Schedule: '30 */5 * * * *'
  Retention__Schedule: '0 23 * * * *'
}

var avalaraSettings = contains(taxProviders, 'Avalara') ? {
  Avalara__AccountId: avalaraAccountId
  Avalara__CompanyCode: avalaraCompanyCode
} : {}

var mailSettings = {
  Smtp__Host: smtpHost
  Smtp__Port: string(smtpPort)
  Smtp__From: smtpFrom
  Smtp__Username: smtpUsername
}

var mailProviders mailProvider[] = empty(smtpUsername) ? [] : ['Smtp']

// Only the chosen providers: a reference to a secret that nobody set would reach the app as its own text.
var providers = union(addressProviders, shippingProviders, taxProviders, [paymentsProvider], mailProviders)
var secrets = flatten(map(providers, provider => secretSettings[provider]))
var references = toObject(secrets, setting => setting, setting => secretReference(vaultUri, setting))

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: planId
    httpsOnly: true
    // Unset, references are read as the system-assigned identity, which this app doesn't have.
    keyVaultReferenceIdentity: identityId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packagesUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: maximumInstanceCount
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      appSettings: [
        for setting in items(union(platformSettings, checkoutSettings, avalaraSettings, mailSettings, shopSettings, references)): {
          name: setting.key
          value: setting.value
        }
      ]
    }
  }
}

// Deployments sign in with Entra ID; the user name and password of a publish profile open nothing.
@batchSize(1)
resource passwords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = [
  for service in ['ftp', 'scm']: {
    parent: app
    name: service
    properties: { allow: false }
  }
]

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
output secretNames string[] = map(secrets, setting => secretName(setting))
