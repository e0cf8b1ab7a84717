// The providers that the app has adapters for, and which of their settings are secrets. A new adapter is a name
// in its type and a line in secretSettings.

@export()
type addressProvider = 'Google'

@export()
type shippingProvider = 'EasyPost' | 'Shippo'

@export()
type taxProvider = 'TaxJar' | 'Avalara'

@export()
type paymentProvider = 'Stripe' | 'Braintree'

@export()
type mailProvider = 'Smtp'

@export()
var secretSettings = {
  Google: ['Google__ApiKey']
  EasyPost: ['EasyPost__ApiKey']
  Shippo: ['Shippo__ApiKey']
  TaxJar: ['TaxJar__ApiKey']
  Avalara: ['Avalara__LicenseKey']
  Stripe: ['Stripe__ApiKey', 'Stripe__WebhookSecret']
  Braintree: ['Braintree__PublicKey', 'Braintree__PrivateKey']
  Smtp: ['Smtp__Password']
}

@export()
@description('A vault takes no underscores in names, so Stripe__ApiKey is kept as Stripe--ApiKey.')
func secretName(setting string) string => replace(setting, '__', '--')

@export()
@description('What an app setting holds instead of the secret. No version: a new one is picked up by itself.')
func secretReference(vaultUri string, setting string) string =>
  '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${secretName(setting)})'
