// Where Istio is installed, and with it the pods of its gateways, as most installations have it.

export const ROOT = 'istio-system';
