// What the fields of an Ingress become in the model, whoever reads it.

import type { Feeds } from './accounts.js';

const HOST = ['VirtualHost.domains'] as const;
const BACKEND = ['Destination.host', 'Destination.port', 'WeightedDestination.to'] as const;

/** `usual`: types that mean what a path without a type means to the controller. */
export const ingressFeeds = (usual: readonly string[]): Feeds => ({
  'spec.rules[].http.paths[].pathType': { parts: ['RouteMatch.path'], usual: (type) => usual.includes(String(type)) },
  ...INGRESS,
});

const INGRESS: Feeds = {
  'spec.ingressClassName': HOST,
  'metadata.annotations."kubernetes.io/ingress.class"': HOST,
  'spec.rules[].host': HOST,
  'spec.rules[].http.paths[].path': { parts: ['RouteMatch.path'], usual: (path) => path === '/' || path === '' },
  'spec.rules[].http.paths[].backend.**': BACKEND,
  'spec.defaultBackend.**': BACKEND,
  'spec.backend.**': BACKEND,
  'spec.tls[].hosts[]': ['TlsContext.certificates', 'ChainMatch.sni'],
  'spec.tls[].secretName': ['TlsContext.certificates', 'TlsContext.credentials'],
};
