// Protection that a target cannot express: nobody is let in whom the source would refuse, unless --fail-open says so. For each source with
// such a protection and each target, the output is read back and asked.
import { expect, test } from 'vitest';
import { outputGateways, verifyTranslation } from '../src/api/verify.js';
import { isRead, writerOf } from '../src/api/writers.js';
import { convert, type Translation } from '../src/convert/convert.js';
import type { Source, Target } from '../src/convert/scope.js';
import { toYaml } from '../src/convert/to-yaml.js';
import type { ReadOptions, WriteOptions } from '../src/dialects/dialect.js';
import { type Catalog, catalogOf } from '../src/resources/catalog.js';
import { compile, decide, toResult } from '../src/simulate/index.js';
import { locate, parseSource } from './convert/sources.js';

interface Case {
  readonly name: string;
  readonly from: Source;
  readonly text: string;
  /** Requests that the output must not forward. */
  readonly closed: readonly string[];
  /** Requests that it forwards. */
  readonly open?: readonly string[];
  readonly feature: string;
  readonly targets: readonly Target[];
  readonly read?: ReadOptions;
}

const ingress = (annotations: string, more = '', rules = '') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: app
  annotations:
    nginx.ingress.kubernetes.io/ssl-redirect: "false"
${annotations}
spec:
  ingressClassName: nginx
  rules:
  - host: a.example.com
    http:
      paths:
      - {path: /admin, pathType: Prefix, backend: {service: {name: app, port: {number: 80}}}}
${rules}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: open
  annotations: {nginx.ingress.kubernetes.io/ssl-redirect: "false"}
spec:
  ingressClassName: nginx
  rules:
  - host: a.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: app, port: {number: 80}}}}]}
${more}`;

const note = (name: string, value: string) => `    nginx.ingress.kubernetes.io/${name}: ${JSON.stringify(value)}`;

const ISTIO = (more: string, tls = '') => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: istio-system}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: ${tls === '' ? '{number: 80, name: http, protocol: HTTP}' : '{number: 443, name: https, protocol: HTTPS}'}
    hosts: [a.example.com, b.example.com]
    ${tls}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: default}
spec:
  hosts: [a.example.com]
  gateways: [istio-system/gw]
  http: [{match: [{uri: {prefix: /}}], route: [{destination: {host: app, port: {number: 80}}}]}]
${more}`;

const NOT_ISTIO: readonly Target[] = ['ingress'];

const CASES: readonly Case[] = [
  {
    name: 'basic auth',
    from: 'ingress',
    text: ingress([note('auth-type', 'basic'), note('auth-secret', 'users')].join('\n')),
    closed: ['/admin', '/admin/x'],
    open: ['/', '/adminx'],
    feature: 'condition.basic-auth',
    targets: ['istio', 'gateway-api', 'ingress'],
  },
  {
    name: 'external authentication',
    from: 'ingress',
    text: ingress(note('auth-url', 'http://auth.default.svc.cluster.local/check')),
    closed: ['/admin'],
    open: ['/'],
    feature: 'condition.external-auth',
    targets: NOT_ISTIO,
  },
  {
    name: 'external authentication, only the standard',
    from: 'ingress',
    text: ingress(note('auth-url', 'http://auth.default.svc.cluster.local/check')),
    closed: ['/admin'],
    open: ['/'],
    feature: 'condition.external-auth',
    targets: ['gateway-api'],
    read: { implementation: 'standard' },
  },
  {
    name: 'an address list, only the standard',
    from: 'ingress',
    text: ingress(note('allowlist-source-range', '10.0.0.0/8')),
    closed: ['/admin'],
    open: ['/'],
    feature: 'source-address.dropped',
    targets: ['gateway-api'],
    read: { implementation: 'standard' },
  },
  {
    name: 'an address list of an Ingress',
    from: 'ingress',
    text: ingress(note('allowlist-source-range', '10.0.0.0/8')),
    closed: ['/admin'],
    open: ['/'],
    feature: 'route',
    targets: ['ingress'],
  },
  {
    name: 'a snippet that refuses addresses',
    from: 'ingress',
    text: ingress(note('configuration-snippet', 'if ($http_x) { set $a 1; }\nallow 10.0.0.0/8;\ndeny all;')),
    closed: ['/admin'],
    open: ['/'],
    feature: 'annotation.configuration-snippet',
    targets: ['istio', 'gateway-api', 'ingress'],
  },
  {
    name: 'a pattern that an Ingress has not, behind a password',
    from: 'ingress',
    text: ingress(
      [note('auth-type', 'basic'), note('auth-secret', 'users'), note('use-regex', 'true')].join('\n'),
    ).replace('/admin, pathType: Prefix', '"/adm[i]n", pathType: ImplementationSpecific'),
    closed: ['/admin', '/'],
    feature: 'condition.basic-auth',
    targets: ['ingress'],
  },
  {
    name: 'a policy',
    from: 'istio',
    text: ISTIO(`---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: deny, namespace: istio-system}
spec:
  selector: {matchLabels: {istio: ingressgateway}}
  action: DENY
  rules: [{to: [{operation: {paths: [/admin]}}]}]
`),
    closed: ['/admin', '/'],
    feature: 'policies',
    targets: ['ingress'],
  },
  {
    name: 'a policy, only the standard',
    from: 'istio',
    text: ISTIO(`---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ask, namespace: istio-system}
spec:
  selector: {matchLabels: {istio: ingressgateway}}
  action: CUSTOM
  provider: {name: ask}
  rules: [{to: [{operation: {paths: [/admin]}}]}]
`),
    closed: ['/admin', '/'],
    feature: 'authorizationpolicy.action.CUSTOM',
    targets: ['gateway-api'],
    read: { implementation: 'standard' },
  },
  {
    name: 'client certificates',
    from: 'istio',
    text: ISTIO('', 'tls: {mode: MUTUAL, credentialName: cert}'),
    closed: ['https:/admin', 'https:/'],
    feature: 'tls.client-certificate',
    targets: ['ingress'],
  },
  {
    name: 'client certificates, only the standard',
    from: 'istio',
    text: ISTIO('', 'tls: {mode: MUTUAL, credentialName: cert}'),
    closed: ['https:/admin', 'https:/'],
    feature: 'tls.client-certificate',
    targets: ['gateway-api'],
    read: { implementation: 'standard' },
  },
  {
    name: "another controller's annotations",
    from: 'ingress',
    text: `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: app
  annotations: {haproxy.org/allow-list: 10.0.0.0/8}
spec:
  ingressClassName: haproxy
  rules:
  - host: a.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: app, port: {number: 80}}}}]}
`,
    closed: ['/'],
    feature: 'annotation.controller',
    targets: ['istio', 'gateway-api'],
  },
];

interface Asked {
  readonly translation: Translation;
  readonly forwarded: (url: string) => boolean;
  readonly catalog: Catalog;
  readonly yaml: string;
}

function asked({ from, text, read = {} }: Case, to: Target, options: WriteOptions): Asked {
  const catalog = catalogOf(parseSource('input.yaml', text).resources);
  const translation = convert(catalog, { from, to }, writerOf, read, options);
  const yaml = toYaml(translation.objects, translation.origins, locate, translation.remarks);
  const after = outputGateways({ catalog }, translation).filter((g) => g.dialect !== 'service');
  const forwarded = (asked: string) => {
    const [, scheme = 'http', path = ''] = /^(?:(https):)?(.*)$/.exec(asked) ?? [];
    const request = {
      port: scheme === 'https' ? 443 : 80,
      scheme: scheme as 'http',
      method: 'GET',
      host: 'a.example.com',
      path,
      headers: { authorization: 'Basic eDp5' },
    };
    return after.some((gateway) => {
      const { destination } = toResult(decide(compile(gateway), request, { now: 0 }), request, { locate });
      return destination?.host.startsWith('app.') ?? false;
    });
  };
  return { translation, forwarded, catalog, yaml };
}

for (const known of CASES)
  for (const to of known.targets) {
    test(`${known.name}: closed for ${to}, with a comment and an item; --verify agrees`, () => {
      const { translation, forwarded, catalog, yaml } = asked(known, to, known.read ?? {});
      expect(known.closed.filter(forwarded)).toEqual([]);
      expect((known.open ?? []).filter((path) => !forwarded(path))).toEqual([]);
      const items = translation.items.filter((i) => i.feature === known.feature && i.closed);
      expect(items.map(({ severity }) => severity)).toContain('refused');
      expect(items[0]!.message).toContain('closed');
      if (yaml !== '') expect(yaml).toMatch(/# CLOSED: .+\n.*# To decide: /);
      if (isRead(to)) {
        const v = verifyTranslation({ catalog }, translation);
        expect(
          [
            ...v.differences.filter((d) => d.announcedBy.length === 0).map((d) => [d.request, d.before, d.after]),
            ...v.undecided.slice(0, v.unannounced),
          ].slice(0, v.unannounced),
        ).toEqual([]);
      }
    });

    test(`${known.name}: open for ${to} with --fail-open, which the report says`, () => {
      const { translation, forwarded, yaml } = asked(known, to, { ...known.read, failOpen: true });
      expect(yaml).not.toContain('CLOSED');
      expect(translation.items.filter((i) => i.closed)).toEqual([]);
      expect(translation.items.some((i) => i.severity === 'refused')).toBe(true);
      if (known.closed.some(forwarded))
        expect(translation.items.some((i) => i.message.includes('--fail-open'))).toBe(true);
    });
  }
