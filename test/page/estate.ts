// A generated company: 300 services in 12 namespaces behind ingress-nginx, Istio, NodePorts and load balancers, 658 ways in.

const NAMESPACES = [
  'shop',
  'billing',
  'search',
  'accounts',
  'catalog',
  'media',
  'mail',
  'orders',
  'support',
  'analytics',
  'partners',
  'internal',
];
const SERVICES =
  'api web worker cache auth feed rates export import gateway events images reports jobs config profile audit sync quota labels notes tags pricing stock health'.split(
    ' ',
  );

export function estate(): string {
  const gateway = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: istio-system}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["*.example.com"]
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: ["*.example.com"]
    tls: {mode: SIMPLE, credentialName: public-tls}
`;
  return [gateway, ...NAMESPACES.flatMap(namespaceOf)].join('---\n');
}

function namespaceOf(space: string, n: number): string[] {
  const names = SERVICES.map((word) => `${space}-${word}`);
  const services = names.map((name, i) => service(space, name, i, n));
  if (n % 2 === 1) return [...services, ingress(space, names, n)];
  return [
    ...services,
    virtualService(space, space, `${space}.example.com`, names.slice(0, 14)),
    virtualService(space, `${space}-api`, `api.${space}.example.com`, names.slice(10, 17)),
  ];
}

function service(space: string, name: string, i: number, n: number): string {
  const type = i === 7 ? 'NodePort' : i === 12 && n % 3 === 0 ? 'LoadBalancer' : 'ClusterIP';
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${space}}
spec:
  type: ${type}
  selector: {app: ${name}}
  ports:
  - {name: http, port: ${i % 2 ? 8080 : 80}${i === 7 ? `, nodePort: ${30000 + n}` : ''}}
`;
}

const pathOf = (space: string, name: string): string => `/${name.slice(space.length + 1)}`;

function virtualService(space: string, name: string, host: string, goals: readonly string[]): string {
  const rules = goals.map((goal, i) => {
    const other = goals[(i + 1) % goals.length];
    const shares = i % 6 === 3 ? `, weight: 90}, {destination: {host: ${other}}, weight: 10` : '';
    return `  - match: [{uri: {prefix: ${pathOf(space, goal)}}}]
    route: [{destination: {host: ${goal}}${shares}}]
`;
  });
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${space}}
spec:
  hosts: [${host}]
  gateways: [istio-system/public]
  http:
${rules.join('')}`;
}

function ingress(space: string, names: readonly string[], n: number): string {
  const plain = n % 4 === 1 ? ', annotations: {nginx.ingress.kubernetes.io/ssl-redirect: "false"}' : '';
  const few = n === 3;
  const rule = (host: string, goals: readonly string[]) => `  - host: ${host}
    http:
      paths:
${goals
  .map(
    (goal) =>
      `      - {path: ${pathOf(space, goal)}, pathType: Prefix, backend: {service: {name: ${goal}, port: {name: http}}}}\n`,
  )
  .join('')}`;
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${space}, namespace: ${space}${plain}}
spec:
  ingressClassName: nginx
  tls: [{hosts: [${space}.example.org], secretName: ${space}-tls}]
  rules:
${rule(`${space}.example.org`, names.slice(0, few ? 11 : 14))}${rule(`www.${space}.example.org`, names.slice(12, few ? 16 : 18))}`;
}
