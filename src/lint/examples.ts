// Short spellings of whole objects for the examples in rules: the `spec` of a kind, indented and named.

const indent = (yaml: string, by: number): string =>
  yaml
    .replace(/^\n|\s+$/g, '')
    .split('\n')
    .map((line) => (line ? ' '.repeat(by) + line : line))
    .join('\n');

/** Of a kind: the spec, and a name other than the usual one, to YAML. */
export const objectOf =
  (apiVersion: string, kind: string, name: string) =>
  (spec: string, as = name) =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${as}\n  namespace: default\nspec:\n${indent(spec, 2)}\n`;

export const gateway = objectOf('networking.istio.io/v1', 'Gateway', 'shop');
export const virtualService = objectOf('networking.istio.io/v1', 'VirtualService', 'shop');
export const destinationRule = objectOf('networking.istio.io/v1', 'DestinationRule', 'shop');
export const serviceEntry = objectOf('networking.istio.io/v1', 'ServiceEntry', 'partner');
export const sidecar = objectOf('networking.istio.io/v1', 'Sidecar', 'default');
export const ingress = objectOf('networking.k8s.io/v1', 'Ingress', 'shop');
export const service = objectOf('v1', 'Service', 'shop');
export const httpRoute = objectOf('gateway.networking.k8s.io/v1', 'HTTPRoute', 'shop');
export const kubernetesGateway = objectOf('gateway.networking.k8s.io/v1', 'Gateway', 'shop');
export const authorizationPolicy = objectOf('security.istio.io/v1', 'AuthorizationPolicy', 'shop');
export const requestAuthentication = objectOf('security.istio.io/v1', 'RequestAuthentication', 'tokens');
export const peerAuthentication = objectOf('security.istio.io/v1', 'PeerAuthentication', 'shop');
export const telemetry = objectOf('telemetry.istio.io/v1', 'Telemetry', 'shop');

/** A VirtualService for the mesh with this one HTTP rule. */
export const httpRule = (rule: string): string =>
  virtualService(`hosts: [shop.example.com]\nhttp:\n- ${indent(rule, 2).trimStart()}`);

/** A Gateway with this one server. */
export const server = (text: string): string =>
  gateway(`selector: {istio: ingressgateway}\nservers:\n- ${indent(text, 2).trimStart()}`);

/** Several objects in one text. */
export const documents = (...objects: readonly string[]): string => objects.join('---\n');
