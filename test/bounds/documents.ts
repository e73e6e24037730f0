// The objects that shapes are made of, as YAML.

export const times = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));

export const documents = (list: readonly string[]): string => list.join('---\n');

const meta = (name: string, namespace = 'default') => `metadata: {name: ${name}, namespace: ${namespace}}\n`;

const istioGateway = (name: string, servers: string) =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\n${meta(name)}spec:\n  selector: {istio: ingressgateway}\n  servers:\n${servers}`;

const HTTP_SERVER = "  - port: {number: 80, name: http, protocol: HTTP}\n    hosts: ['*']\n";

/** All hosts on port 80. */
export const GATEWAY = istioGateway('g', HTTP_SERVER);
export const plainGateway = (name: string) => istioGateway(name, HTTP_SERVER);

/** One HTTPS server with a certificate for each host. */
export const tlsGateway = (name: string, hosts: readonly string[]) =>
  istioGateway(
    name,
    hosts
      .map(
        (host, i) =>
          `  - port: {number: 443, name: https-${i}, protocol: HTTPS}\n    tls: {mode: SIMPLE, credentialName: c${i}}\n    hosts: ['${host}']\n`,
      )
      .join(''),
  );

export const destination = (host: string) => `{destination: {host: ${host}, port: {number: 80}}}`;

/** One rule: its matches as they stand in a list in flow style. */
export const rule = (matches: string, to = 'web') => `  - match: [${matches}]\n    route: [${destination(to)}]\n`;

/** One rule whose requests are shared out. */
export const splitRule = (hosts: readonly string[], match = '') =>
  `  - ${match === '' ? '' : `match: [${match}]\n    `}route:\n${hosts
    .map((host) => `    - {destination: {host: ${host}, port: {number: 80}}, weight: 1}\n`)
    .join('')}`;

export const virtualService = (name: string, hosts: string, rules: readonly string[], gateways = 'g') =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\n${meta(name)}spec:\n  hosts: [${hosts}]\n  gateways: [${gateways}]\n  http:\n${rules.join('')}`;

/** Tests of a match, in flow style. */
export const uri = (pattern: string) => `{uri: {regex: '${pattern}'}}`;
export const prefix = (path: string) => `{uri: {prefix: ${path}}}`;
export const header = (name: string, test: string) => `{headers: {${name}: ${test}}}`;

export const words = (n: number, seed: string) => times(n, (i) => `${seed}${(i * 7919) % 100003}`).join('|');

export const ingress = (name: string, host: string, paths: readonly string[], annotations: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: ${name}\n  namespace: default\n  annotations: {${annotations}}\nspec:\n  ingressClassName: nginx\n  rules:\n  - host: ${host}\n    http:\n      paths:\n${paths.join('')}`;

export const ingressPath = (path: string, type: string, to: string) =>
  `      - {path: '${path}', pathType: ${type}, backend: {service: {name: ${to}, port: {number: 80}}}}\n`;

export const API_GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
${meta('g')}spec:
  gatewayClassName: istio
  listeners:
  - {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}
`;

export const httpRoute = (name: string, host: string, rules: readonly string[]) =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n${meta(name)}spec:\n  parentRefs: [{name: g}]\n  hostnames: [${host}]\n  rules:\n${rules.join('')}`;

export const routeRule = (match: string, to: string) =>
  `  - matches: [${match}]\n    backendRefs: [{name: ${to}, port: 80}]\n`;

const ofGateway = (kind: string, name: string, spec: string) =>
  `apiVersion: security.istio.io/v1\nkind: ${kind}\n${meta(name, 'istio-system')}spec:\n  selector: {matchLabels: {istio: ingressgateway}}\n${spec}`;

export const policy = (name: string, action: string, rules: readonly string[]) =>
  ofGateway('AuthorizationPolicy', name, `  action: ${action}\n  rules:\n${rules.join('')}`);

export const tokens = (name: string, issuers: readonly string[]) =>
  ofGateway(
    'RequestAuthentication',
    name,
    `  jwtRules:\n${issuers.map((i) => `  - {issuer: ${i}, jwksUri: '${i}/keys'}\n`).join('')}`,
  );

export const envoyFilter = (name: string) =>
  `apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\n${meta(name, 'istio-system')}spec:\n  workloadSelector: {labels: {istio: ingressgateway}}\n  configPatches:\n  - applyTo: HTTP_FILTER\n    match: {context: GATEWAY, listener: {filterChain: {filter: {name: envoy.filters.network.http_connection_manager}}}}\n    patch: {operation: INSERT_BEFORE, value: {name: envoy.filters.http.${name}}}\n`;
