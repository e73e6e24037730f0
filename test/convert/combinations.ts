// Ingresses of ingress-nginx with combinations of settings, as people set them, by a seed.
import { readFileSync } from 'node:fs';
import { annotationTable } from '../../src/dialects/ingress-nginx/index.js';
import { parseSource } from '../../src/sources/index.js';

/** Annotations that are set together, as people set them. */
const COMMON: readonly string[] = [
  'ssl-redirect: "false"',
  'force-ssl-redirect: "true"',
  'whitelist-source-range: 10.0.0.0/8',
  'denylist-source-range: 127.0.0.0/8',
  'enable-cors: "true"',
  'enable-cors: "true"\ncors-allow-origin: "https://a.example.com, https://*.b.example.com"\ncors-allow-credentials: "false"',
  'rewrite-target: /',
  'rewrite-target: /$1\nuse-regex: "true"',
  'use-regex: "true"',
  'app-root: /home',
  'permanent-redirect: https://new.example.com',
  'temporal-redirect: https://new.example.com/x',
  'permanent-redirect: https://new.example.com\npermanent-redirect-code: "307"',
  'from-to-www-redirect: "true"',
  'server-alias: alias.example.com',
  'upstream-vhost: inner.example.com',
  'proxy-body-size: 8k',
  'proxy-body-size: "0"',
  'limit-rps: "5"',
  'limit-rpm: "60"\nlimit-whitelist: 10.0.0.0/8',
  'auth-url: http://auth.prod.svc.cluster.local/check',
  'auth-type: basic\nauth-secret: users',
  'backend-protocol: HTTPS',
  'backend-protocol: GRPC',
  'affinity: cookie',
  'upstream-hash-by: "$request_uri"',
  'proxy-read-timeout: "30"',
  'custom-http-errors: "404,503"',
  'default-backend: fallback',
  'x-forwarded-prefix: /base',
  'configuration-snippet: "more_set_headers \\"x: y\\";"',
  'mirror-target: http://mirror.example.com$request_uri',
  'service-upstream: "true"',
  'satisfy: any',
  'configuration-snippet: "if ($http_x_old = 1) { return 410; }"',
  'configuration-snippet: "add_header x-a b; proxy_set_header x-c $http_host; deny 127.0.0.1;"',
  'server-snippet: "more_set_headers x-server:1; if ($request_method = PURGE) { return 405; }"',
  'rewrite-target: https://new.example.com/$1',
  'auth-url: https://$host/auth\nauth-signin: https://$host/start',
  'auth-tls-secret: prod/ca',
  'auth-tls-secret: prod/ca\nauth-tls-verify-client: optional',
];

/** Of every annotation of the table, with those that it needs: what its fixture has. */
const PREFIX = 'nginx.ingress.kubernetes.io/';
const OF_THE_TABLE: readonly string[] = annotationTable.map(({ name }) => {
  const [first] = parseSource('input.yaml', readFileSync(`fixtures/ingress-nginx/${name}/input.yaml`)).resources;
  return Object.entries(first?.annotations ?? {})
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, value]) => `${key.slice(PREFIX.length)}: ${JSON.stringify(value)}`)
    .join('\n');
});

/** Common ones as often as all of them together. */
const SETTINGS: readonly (readonly string[])[] = [COMMON, OF_THE_TABLE.filter((s) => s !== '')];
const PATHS = ['/', '/api', '/api/', '/api/(.*)', '/API', '/api/v1', '/(.+)', '/a.b', '/api*', '/x/(a|b)'];
const TYPES = ['Prefix', 'Exact', 'ImplementationSpecific'];
const HOSTS = ['shop.example.com', 'www.shop.example.com', '*.example.com', undefined];

/** Numbers that look random and are the same each time (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One to three Ingresses, as YAML. */
export function configuration(seed: number): string {
  const next = numbers(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  const ingress = (name: string, more: readonly string[]): string => {
    const host = pick(HOSTS);
    const lines = [...more, ...Array.from({ length: 1 + Math.floor(next() * 4) }, () => pick(pick(SETTINGS)))].flatMap(
      (s) => s.split('\n'),
    );
    const annotations = [...new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line])).values()];
    const paths = [...new Set(Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(PATHS)))].map((path, i) => {
      const type = /[(*]/.test(path) ? 'ImplementationSpecific' : pick(TYPES);
      const service = `{service: {name: ${name}-${i}, port: {number: 80}}}`;
      return `          - {path: ${JSON.stringify(path)}, pathType: ${type}, backend: ${service}}`;
    });
    return [
      'apiVersion: networking.k8s.io/v1',
      'kind: Ingress',
      'metadata:',
      `  name: ${name}`,
      '  namespace: prod',
      '  annotations:',
      ...annotations.map((line) => `    nginx.ingress.kubernetes.io/${line}`),
      'spec:',
      '  ingressClassName: nginx',
      ...(host && next() < 0.6 ? ['  tls:', `    - {hosts: [${JSON.stringify(host)}], secretName: cert}`] : []),
      '  rules:',
      `    - ${host ? `host: ${JSON.stringify(host)}\n      ` : ''}http:`,
      '        paths:',
      ...paths,
    ].join('\n');
  };
  const texts = [ingress('one', [])];
  if (next() < 0.5) texts.push(ingress('two', []));
  if (next() < 0.3)
    texts.push(ingress('canary', ['canary: "true"', pick(['canary-weight: "20"', 'canary-by-header: x-new'])]));
  return texts.join('\n---\n');
}
