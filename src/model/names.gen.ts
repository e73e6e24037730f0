// Generated from the listings of src/dialects, its implementations and src/simulate/engines, and the dialects' profiles by test/generated.test.ts. Do not edit: npm run generate

/** Folders of src/dialects. */
export type DialectName = 'envoy' | 'gateway-api' | 'ingress' | 'ingress-nginx' | 'istio' | 'kong' | 'kuma' | 'service' | 'smi' | 'traefik';

/** Folders of src/simulate/engines. */
export type Engine = 'envoy' | 'envoy-gateway' | 'kong' | 'kong-expressions' | 'kong-traditional' | 'nginx' | 'plain' | 'traefik';

/** Files and folders of src/dialects/gateway-api/implementations (`--implementation`); the default first. */
export const IMPLEMENTATIONS = ['istio', 'envoy-gateway', 'standard'] as const;

export type ImplementationName = (typeof IMPLEMENTATIONS)[number];

/** What `ways-in` calls ways, by kind. */
export const WAY_TITLES = {
  'envoy': "Envoy",
  'external-ip': "external IP",
  'gateway-api': "Gateway API",
  'ingress': "Ingress",
  'istio-gateway': "Istio Gateway",
  'kong': "Kong",
  'kuma': "Kuma",
  'load-balancer': "LoadBalancer",
  'node-port': "NodePort",
  'traefik': "Traefik",
} as const;

export type WayKind = keyof typeof WAY_TITLES;
