// Generated from the listing of src/dialects by test/generated.test.ts. Do not edit: npm run generate

import type { DialectName } from '../model/index.js';
import type { Reader } from './dialect.js';

export const loaders: Readonly<Record<DialectName, () => Promise<Reader>>> = {
  envoy: async () => (await import('./envoy/reader.js')).reader,
  'gateway-api': async () => (await import('./gateway-api/reader.js')).reader,
  ingress: async () => (await import('./ingress/reader.js')).reader,
  'ingress-nginx': async () => (await import('./ingress-nginx/reader.js')).reader,
  istio: async () => (await import('./istio/reader.js')).reader,
  kong: async () => (await import('./kong/reader.js')).reader,
  kuma: async () => (await import('./kuma/reader.js')).reader,
  service: async () => (await import('./service/reader.js')).reader,
  smi: async () => (await import('./smi/reader.js')).reader,
  traefik: async () => (await import('./traefik/reader.js')).reader,
};
