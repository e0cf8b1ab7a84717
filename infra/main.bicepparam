// An example: copy it per environment. It holds no secret: those go into the vault, after the deployment.
using 'main.bicep'

param prefix = 'checkout'
param environmentName = 'dev'
param addressProviders = ['Google']
param shippingProviders = ['EasyPost']
param taxProviders = ['TaxJar']
param paymentsProvider = 'Stripe'
param smtpHost = 'smtp.tea.example'
param smtpFrom = 'Tea shop <orders@tea.example>'
param smtpUsername = 'orders@tea.example'
param shopSettings = {
  Shop__Name: 'Tea shop'
  Shop__LegalName: 'Tea Trading Ltd.'
  Shop__Email: 'orders@tea.example'
}
