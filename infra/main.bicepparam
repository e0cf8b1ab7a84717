// An example: copy it per environment. It holds no secret: those go into the vault, after the deployment.
using 'main.bicep'

param prefix = 'checkout'
param environmentName = 'dev'
param addressProviders = ['Google']
param shippingProviders = ['EasyPost']
param taxProviders = ['TaxJar']
param paymentsProvider = 'Stripe'
