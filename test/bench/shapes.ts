// The seven shapes that the speed of lint is measured on, each as one large team's generator would write it: objects of ten rules with a
// Service each, deterministic, clean under lint. A shape is a function from a number of objects to one YAML text.

const service = (n: number): string => `apiVersion: v1
kind: Service
metadata:
  name: svc-${n}
  namespace: team-${n % 50}
spec:
  selector:
    app: svc-${n}
  ports:
  - name: http
    port: 8080
  - name: http-alt
    port: 8081
  - name: http-admin
    port: 8082
`;

const ISTIO_GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: istio-system
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - '*.example.com'
`;

const STANDARD_GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
  namespace: infra
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    hostname: '*.example.com'
    allowedRoutes:
      namespaces:
        from: All
`;

const CLASS = `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
spec:
  controller: k8s.io/ingress-nginx
`;

const times = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => of(i)).join('');

type Match = (object: number, rule: number) => string;

const istioRule = (n: number, index: number, match: string): string => `  - match:
${match}    route:
    - destination:
        host: svc-${n}.team-${n % 50}.svc.cluster.local
        port:
          number: ${8080 + (index % 3)}
`;

const virtualService = (
  n: number,
  host: string,
  rules: number,
  match: Match,
): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: vs-${n}
  namespace: team-${n % 50}
spec:
  hosts:
  - ${host}
  gateways:
  - istio-system/public
  http:
${times(rules, (i) => istioRule(n, i, match(n, i)))}`;

const ingress = (n: number, rules: number): string => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ing-${n}
  namespace: team-${n % 50}
  annotations:
    nginx.ingress.kubernetes.io/use-regex: "true"
    nginx.ingress.kubernetes.io/rewrite-target: /$2
spec:
  ingressClassName: nginx
  rules:
  - host: app-${n}.example.com
    http:
      paths:
${times(
  rules,
  (i) => `      - path: /api/v${i}/resource-${n}(/|$)(.*)
        pathType: ImplementationSpecific
        backend:
          service:
            name: svc-${n}
            port:
              number: ${8080 + (i % 3)}
`,
)}`;

const httpRoute = (n: number, rules: number): string => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: route-${n}
  namespace: team-${n % 50}
spec:
  parentRefs:
  - name: public
    namespace: infra
  hostnames:
  - app-${n}.example.com
  rules:
${times(
  rules,
  (i) => `  - matches:
    - path:
        type: PathPrefix
        value: /api/v${i >> 1}/resource-${n}
${i % 2 === 0 ? `      headers:\n      - name: x-tenant\n        value: tenant-${n % 7}\n` : ''}    backendRefs:
    - name: svc-${n}
      port: ${8080 + (i % 3)}
`,
)}`;

const documents = (objects: number, head: string, each: (n: number) => string): string => {
  const texts = [head];
  for (let n = 0; n < objects; n++) texts.push(each(n), service(n));
  return texts.join('---\n');
};

const istio =
  (rules: number, match: Match, host = (n: number) => `app-${n}.example.com`) =>
  (objects: number): string =>
    documents(objects, ISTIO_GATEWAY, (n) => virtualService(n, host(n), rules, match));

const prefix: Match = (n, i) => `    - uri:\n        prefix: /api/v${i}/resource-${n}/\n`;

/** Prefixes and exact paths, every third with a header in front of the same path without one. */
const headers: Match = (n, i) => {
  const path = Math.floor(i / 3);
  if (i % 3 === 0)
    return `    - uri:\n        prefix: /api/v${path}/resource-${n}\n      headers:\n        x-tenant:\n          exact: tenant-${n % 7}\n`;
  return i % 3 === 1 ? `    - uri:\n        exact: /api/v${path}/resource-${n}\n` : prefix(n, path);
};

const regex: Match = (n, i) => `    - uri:\n        regex: /api/v${i}/resource-${n}/[0-9]+(/.*)?\n`;

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
/** Two methods and a query for each path. */
const methods: Match = (n, i) => {
  const path = `    - uri:\n        prefix: /api/v${Math.floor(i / 3)}/resource-${n}\n`;
  return i % 3 === 0
    ? `${path}      queryParams:\n        version:\n          exact: "${n % 5}"\n`
    : `${path}      method:\n        exact: ${METHODS[(i + n) % 4]}\n`;
};

const RULES = 10;

/** Shape → the YAML text of so many objects of ten rules, and as many Services. */
export const SHAPES: Readonly<Record<string, (objects: number) => string>> = {
  prefix: istio(RULES, prefix),
  'headers and exact': istio(RULES, headers),
  regex: istio(RULES, regex),
  'one host': istio(RULES, prefix, () => 'app.example.com'),
  'methods and queries': istio(RULES, methods),
  'nginx with captures': (objects) => documents(objects, CLASS, (n) => ingress(n, RULES)),
  'HTTPRoute with headers': (objects) => documents(objects, STANDARD_GATEWAY, (n) => httpRoute(n, RULES)),
};
