// Configurations made to be expensive: each is what somebody could write or generate, at a size at which anything that
// grows faster than the file shows. `test/work-bounds.test.ts` runs every command on them.

export interface Shape {
  readonly name: string;
  /** The file, and the same with one thing changed (for `diff`). */
  readonly yaml: () => string;
  readonly changed: () => string;
  /** What `convert --verify` is asked for; none: the shape is not converted. */
  readonly convert: readonly string[];
  /** A request for `simulate`. */
  readonly url: string;
  /** Runs with the tests of every day. */
  readonly short?: true;
}

const times = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));

const GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: g, namespace: default}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ['*']
`;

const destination = (host: string) => `{destination: {host: ${host}, port: {number: 80}}}`;

/** One rule: its matches as they stand in a list in flow style. */
const rule = (matches: string, to = 'web') => `  - match: [${matches}]\n    route: [${destination(to)}]\n`;

const virtualService = (name: string, hosts: string, rules: readonly string[]) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: default}
spec:
  hosts: [${hosts}]
  gateways: [g]
  http:
${rules.join('')}`;

const documents = (...list: readonly string[]): string => list.join('---\n');

interface Made {
  readonly short?: true;
  readonly convert?: readonly string[];
  readonly url?: string;
}

const FROM_ISTIO = ['istio-to-gateway-api', 'istio-to-ingress'];

function shape(
  name: string,
  make: (marker: string) => string,
  { convert = FROM_ISTIO, url = 'http://a.example.com/x', ...rest }: Made = {},
): Shape {
  return { name, yaml: () => make('web'), changed: () => make('other'), convert, url, ...rest };
}

/** All rules on one host; the last goes elsewhere in the changed file. */
function oneHost(name: string, n: number, match: (i: number) => string, made: Made = {}): Shape {
  return shape(
    name,
    (last) =>
      documents(
        GATEWAY,
        virtualService(
          'v',
          'a.example.com',
          times(n, (i) => rule(match(i), i === n - 1 ? last : `web${i % 3}`)),
        ),
      ),
    made,
  );
}

const byUser = (i: number) => `{uri: {prefix: /}, headers: {x-user: {exact: u${i}}}}`;

/** One rule that shares its requests out. */
const destinations = (name: string, n: number, made: Made = {}): Shape =>
  shape(
    name,
    (last) => {
      const list = times(
        n,
        (i) => `    - {destination: {host: ${i === 0 ? last : 'web'}${i}, port: {number: 80}}, weight: 1}\n`,
      );
      return documents(GATEWAY, virtualService('v', 'a.example.com', [`  - route:\n${list.join('')}`]));
    },
    made,
  );

const uri = (pattern: string) => `{uri: {regex: '${pattern}'}}`;
const header = (name: string, test: string) => `{headers: {${name}: ${test}}}`;
const words = (n: number, seed: string) => times(n, (i) => `${seed}${(i * 7919) % 100003}`).join('|');

const ingress = (
  name: string,
  host: string,
  paths: readonly string[],
  annotations: string,
) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: default
  annotations: {${annotations}}
spec:
  ingressClassName: nginx
  rules:
  - host: ${host}
    http:
      paths:
${paths.join('')}`;

const ingressPath = (path: string, type: string, to: string) =>
  `      - {path: '${path}', pathType: ${type}, backend: {service: {name: ${to}, port: {number: 80}}}}\n`;

const httpRoute = (name: string, host: string, rules: readonly string[]) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: default}
spec:
  parentRefs: [{name: g}]
  hostnames: [${host}]
  rules:
${rules.join('')}`;

const API_GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: default}
spec:
  gatewayClassName: istio
  listeners:
  - {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}
`;

const backend = (to: string) => `backendRefs: [{name: ${to}, port: 80}]`;

const policy = (name: string, action: string, rules: readonly string[]) => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}, namespace: istio-system}
spec:
  selector: {matchLabels: {istio: ingressgateway}}
  action: ${action}
  rules:
${rules.join('')}`;

const NGINX = ['ingress-to-istio', 'ingress-to-gateway-api'];
const PATTERNS = "nginx.ingress.kubernetes.io/use-regex: 'true', nginx.ingress.kubernetes.io/rewrite-target: /$2";

export const shapes: readonly Shape[] = [
  // Patterns that overlap.
  oneHost('20 paths .*kN.*', 20, (i) => uri(`.*k${i}.*`), { short: true }),
  oneHost('50 paths .*kN.*', 50, (i) => uri(`.*k${i}.*`)),
  oneHost('100 paths .*kN.*', 100, (i) => uri(`.*k${i}.*`), { short: true }),
  oneHost('1000 paths .*kN.*', 1000, (i) => uri(`.*k${i}.*`)),
  oneHost('100 paths /a/.*kN', 100, (i) => uri(`/a/.*k${i}`)),
  oneHost('1000 paths /a/[a-z]+/N', 1000, (i) => uri(`/a/[a-z]+/${i}`)),
  oneHost('100 of one header .*kN.*', 100, (i) => header('x-a', `{regex: '.*k${i}.*'}`)),
  oneHost('100 headers .*kN.* each its own', 100, (i) => header(`x-${i}`, `{regex: '.*k${i}.*'}`), { short: true }),
  oneHost(
    '60 headers, two of them a rule',
    60,
    (i) => `{headers: {x-${i}: {exact: a}, x-${(i * 7) % 60}b: {exact: b}}}`,
  ),
  oneHost('100 of one query .*kN.*', 100, (i) => `{queryParams: {a: {regex: '.*k${i}.*'}}}`),
  oneHost('100 queries each its own', 100, (i) => `{queryParams: {a${i}: {regex: '.*k${i}.*'}}}`),
  oneHost('100 authorities .*kN.*', 100, (i) => `{authority: {regex: '.*k${i}.*'}}`),
  oneHost(
    '200 paths and headers',
    200,
    (i) => `{uri: {regex: '.*k${i}.*'}, headers: {x-${i % 9}: {regex: '.*h${i}.*'}}}`,
  ),
  // Patterns that are large alone.
  oneHost('nested quantifiers', 30, (i) => uri(`/((a+)+(b|c)*)+${i}(.*x)*`)),
  oneHost('exponential automata', 20, (i) => uri(`/(a|b)*a(a|b){${12 + (i % 8)}}`)),
  oneHost('alternations of 2000 words', 30, (i) => uri(`/(${words(2000, `w${i}x`)})/.*`)),
  oneHost('alternations anywhere', 30, (i) => uri(`.*(${words(300, `w${i}x`)}).*`)),
  oneHost('counted repetition', 30, (i) => uri(`/[a-z]{1,${900 + i}}/.{0,${900 - i}}x`)),
  oneHost('counted repetition of counted', 30, (i) => uri(`/(x[a-z]{20}y{3,30}){30}${i}`)),
  oneHost('unicode classes', 30, (i) => uri(`/\\\\p{L}+(?i:k${i})[^\\\\p{Lu}]*`)),
  // Many of one thing.
  destinations('100,000 destinations in one rule', 100_000),
  destinations('10,000 destinations in one rule', 10_000),
  destinations('1,000 destinations in one rule', 1000, { short: true }),
  shape('10,000 headers in one match', (last) =>
    documents(
      GATEWAY,
      virtualService('v', 'a.example.com', [
        rule(`{headers: {${times(10_000, (i) => `x-${i}: {exact: a}`).join(', ')}}}`, last),
      ]),
    ),
  ),
  shape('5,000 patterns of headers in one match', (last) =>
    documents(
      GATEWAY,
      virtualService('v', 'a.example.com', [
        rule(`{headers: {${times(5000, (i) => `x-${i}: {regex: '.*k${i}.*'}`).join(', ')}}}`, last),
      ]),
    ),
  ),
  oneHost('100,000 routes in one host', 100_000, (i) => `{uri: {${i % 2 ? 'exact' : 'prefix'}: /r${i}}}`),
  oneHost('10,000 routes by header', 10_000, byUser),
  oneHost('1,000 routes by header', 1000, byUser, { short: true }),
  oneHost('2,000 routes by 2,000 headers', 2000, (i) => header(`x-${i}`, '{exact: a}')),
  shape('10,000 matches in one rule', (last) =>
    documents(
      GATEWAY,
      virtualService('v', 'a.example.com', [rule(times(10_000, (i) => `{uri: {prefix: /r${i}}}`).join(', '), last)]),
    ),
  ),
  shape(
    '10,000 hosts of one VirtualService',
    (last) =>
      documents(
        GATEWAY,
        virtualService('v', times(10_000, (i) => `h${i}.example.com`).join(', '), [
          rule('{uri: {prefix: /a}}'),
          rule('{uri: {regex: "/b/.*x"}}', last),
        ]),
      ),
    { url: 'http://h1.example.com/a' },
  ),
  shape(
    '10,000 VirtualServices',
    (last) =>
      documents(
        GATEWAY,
        ...times(10_000, (i) =>
          virtualService(`v${i}`, `h${i}.example.com`, [
            rule('{uri: {prefix: /a}}'),
            rule('{uri: {prefix: /}}', i === 0 ? last : 'web'),
          ]),
        ),
      ),
    { url: 'http://h1.example.com/a' },
  ),
  shape(
    '1,000 hosts of 10 patterns',
    (last) =>
      documents(
        GATEWAY,
        ...times(1000, (i) =>
          virtualService(
            `v${i}`,
            `h${i}.example.com`,
            times(10, (k) => rule(uri(`.*k${k}.*`), i === 0 ? last : 'web')),
          ),
        ),
      ),
    { url: 'http://h1.example.com/k1' },
  ),
  shape(
    '1,000 hosts of 10 patterns of their own',
    (last) =>
      documents(
        GATEWAY,
        ...times(1000, (i) =>
          virtualService(
            `v${i}`,
            `h${i}.example.com`,
            times(10, (k) => rule(uri(`.*k${i}x${k}.*`), i === 0 ? last : 'web')),
          ),
        ),
      ),
    { url: 'http://h1.example.com/k1' },
  ),
  shape(
    '2,000 hosts below each other',
    (last) =>
      documents(
        GATEWAY,
        ...times(2000, (i) =>
          virtualService(`v${i}`, `'*.${'a.'.repeat(i % 60)}h${i}.example.com'`, [
            rule('{uri: {prefix: /a}}', i === 0 ? last : 'web'),
          ]),
        ),
      ),
    { url: 'http://x.h0.example.com/a' },
  ),
  shape('1,000 VirtualServices of one host', (last) =>
    documents(
      GATEWAY,
      ...times(1000, (i) =>
        virtualService(
          `v${i}`,
          'a.example.com',
          times(10, (k) => rule(`{uri: {prefix: /s${i}/r${k}}}`, i === 0 ? last : 'web')),
        ),
      ),
    ),
  ),
  shape('policies of 2,000 addresses', (last) =>
    documents(
      GATEWAY,
      virtualService('v', 'a.example.com', [rule('{uri: {prefix: /}}', last)]),
      policy('p', 'ALLOW', [
        `  - from: [{source: {remoteIpBlocks: [${times(2000, (i) => `10.${i % 250}.${Math.floor(i / 250)}.0/24`).join(', ')}]}}]\n`,
      ]),
    ),
  ),
  shape('policies of 500 paths and headers', (last) =>
    documents(
      GATEWAY,
      virtualService('v', 'a.example.com', [rule('{uri: {prefix: /}}', last)]),
      policy(
        'p',
        'DENY',
        times(
          500,
          (i) =>
            `  - to: [{operation: {paths: ['/a${i}/*', '*/b${i}'], methods: [GET, POST]}}]\n    when: [{key: 'request.headers[x-${i % 20}]', values: ['a${i}*', '*b${i}']}]\n`,
        ),
      ),
    ),
  ),
  // Ingresses and routes of the Gateway API.
  shape(
    '1,000 Ingresses of nginx, patterns, one host',
    (last) =>
      documents(
        ...times(1000, (i) =>
          ingress(
            `i${i}`,
            'a.example.com',
            [ingressPath(`/s${i}(/|$)(.*)`, 'ImplementationSpecific', i === 0 ? last : `s${i}`)],
            PATTERNS,
          ),
        ),
      ),
    { convert: NGINX },
  ),
  shape(
    '100 Ingresses of nginx, patterns, one host',
    (last) =>
      documents(
        ...times(100, (i) =>
          ingress(
            `i${i}`,
            'a.example.com',
            [ingressPath(`/s${i}(/|$)(.*)`, 'ImplementationSpecific', i === 0 ? last : `s${i}`)],
            PATTERNS,
          ),
        ),
      ),
    { convert: NGINX, short: true },
  ),
  shape(
    '300 Ingresses of nginx, patterns that overlap',
    (last) =>
      documents(
        ...times(300, (i) =>
          ingress(
            `i${i}`,
            'a.example.com',
            [ingressPath(`/.*/k${i}(/|$)(.*)`, 'ImplementationSpecific', i === 0 ? last : `s${i}`)],
            PATTERNS,
          ),
        ),
      ),
    { convert: NGINX },
  ),
  shape(
    '1,000 Ingresses of nginx, own hosts',
    (last) =>
      documents(
        ...times(1000, (i) =>
          ingress(
            `i${i}`,
            `h${i}.example.com`,
            times(10, (k) => ingressPath(`/s${k}(/|$)(.*)`, 'ImplementationSpecific', i === 0 ? last : `s${i}`)),
            PATTERNS,
          ),
        ),
      ),
    { convert: NGINX, url: 'http://h1.example.com/s1' },
  ),
  shape(
    '1,000 HTTPRoutes with headers, one host',
    (last) =>
      documents(
        API_GATEWAY,
        ...times(1000, (i) =>
          httpRoute(
            `r${i}`,
            'a.example.com',
            times(
              5,
              (k) =>
                `  - matches: [{path: {type: PathPrefix, value: /s${i}/r${k}}, headers: [{name: x-${k}, value: v${i}}]}]\n    ${backend(i === 0 ? last : `s${i}`)}\n`,
            ),
          ),
        ),
      ),
    { convert: ['gateway-api-to-istio', 'gateway-api-to-ingress'] },
  ),
  shape(
    '1,000 HTTPRoutes, patterns, own hosts',
    (last) =>
      documents(
        API_GATEWAY,
        ...times(1000, (i) =>
          httpRoute(
            `r${i}`,
            `h${i}.example.com`,
            times(
              5,
              (k) =>
                `  - matches: [{path: {type: RegularExpression, value: '/.*/r${k}'}}]\n    ${backend(i === 0 ? last : `s${i}`)}\n`,
            ),
          ),
        ),
      ),
    { convert: ['gateway-api-to-istio'], url: 'http://h1.example.com/a/r1' },
  ),
  // YAML itself.
  shape(
    'deep YAML',
    (last) =>
      documents(
        GATEWAY,
        `a: ${'{a: '.repeat(20_000)}${last}${'}'.repeat(20_000)}\n`,
        `${times(3000, (i) => `${' '.repeat(i)}a:\n`).join('')}`,
      ),
    {
      short: true,
    },
  ),
  shape('130,000 documents', () => 'a: 1\n---\n'.repeat(130_000)),
];
