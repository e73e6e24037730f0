// What the notes of ingress-nginx's reader are to lint: what it makes of Ingresses although nobody wrote it, each with a request that
// shows it (docs/ingress-nginx.md, Q1 to Q16).

import { documents, ingress, service } from '../../lint/examples.js';
import type { NoteRule } from '../note-rule.js';

const SERVICES = ['shop', 'next'].map((name) => service('ports: [{name: http, port: 80}]', name));
const paths = (...entries: readonly (readonly [path: string, type: string, service?: string])[]): string =>
  `ingressClassName: nginx\nrules:\n- host: shop.example.com\n  http:\n    paths:\n${entries
    .map(
      ([path, type, to = 'shop']) =>
        `    - {path: '${path}', pathType: ${type}, backend: {service: {name: ${to}, port: {number: 80}}}}`,
    )
    .join('\n')}`;
const annotated = (text: string, ...annotations: readonly string[]): string =>
  text.replace(
    'namespace: default',
    ['namespace: default', '  annotations:', ...annotations.map((a) => `    nginx.ingress.kubernetes.io/${a}`)].join(
      '\n',
    ),
  );
const of = (...objects: readonly string[]): string => documents(...SERVICES, ...objects);
const plain = ingress(paths(['/login', 'Prefix']));
const canary = (entries: string, ...more: readonly string[]): string =>
  annotated(ingress(entries, 'canary'), 'canary: "true"', 'canary-weight: "10"', ...more);

export const noteRules: readonly NoteRule[] = [
  {
    code: 'MGW1211',
    name: 'nginx-pattern-elsewhere',
    severity: 'warning',
    category: 'migration',
    notes: ['pattern-elsewhere'],
    title: 'Another path of the host turns this one into a case-insensitive pattern',
    docs: () => ({
      happens:
        'One path with use-regex or a rewrite-target turns all paths of its host into patterns: Exact and Prefix paths then ignore case and match every continuation.',
      instead: 'A host of its own for the paths that are patterns, or a pattern that ends with $.',
      bad: of(plain, annotated(ingress(paths(['/img/.*', 'ImplementationSpecific']), 'images'), 'use-regex: "true"')),
      good: of(plain),
    }),
  },
  {
    code: 'MGW1212',
    name: 'nginx-slash-redirect',
    severity: 'info',
    category: 'migration',
    notes: ['slash-redirect'],
    title: 'The path without its slash is answered with a redirect',
    docs: () => ({
      happens:
        'nginx answers 301 to the path with the slash, before anything else of the Ingress. By the Kubernetes specification the Prefix matches both.',
      instead: 'The path without the slash at its end.',
      bad: of(ingress(paths(['/static/', 'Prefix']))),
      good: of(ingress(paths(['/static', 'Prefix']))),
    }),
  },
  {
    code: 'MGW1213',
    name: 'nginx-path-not-served',
    severity: 'warning',
    category: 'migration',
    notes: ['path-not-served'],
    title: 'The path serves nothing, because another Ingress comes first',
    docs: () => ({
      happens:
        'An older Ingress has the same host, path and path type, or an older canary has the same Service and port.',
      instead: 'One Ingress for a host and path.',
      bad: of(plain, ingress(paths(['/login', 'Prefix', 'next']), 'second')),
      good: of(plain, ingress(paths(['/other', 'Prefix', 'next']), 'second')),
    }),
  },
  {
    code: 'MGW1214',
    name: 'nginx-canary-not-used',
    severity: 'warning',
    category: 'migration',
    notes: ['canary-not-used'],
    title: 'The canary never receives a request',
    docs: () => ({
      happens:
        'No Ingress has the same host, path and path type with another Service, or another canary of that Service came first.',
      instead: 'The host, path and path type of the main Ingress; one canary for a Service and port.',
      bad: of(plain, canary(paths(['/log', 'Prefix', 'next']))),
      good: of(plain, canary(paths(['/login', 'Prefix', 'next']))),
    }),
  },
  {
    code: 'MGW1215',
    name: 'nginx-https-by-another',
    severity: 'info',
    category: 'migration',
    notes: ['https-by-another'],
    title: 'http is redirected to https because of another Ingress of the host',
    docs: () => ({
      happens: 'A tls section in any Ingress of a host turns the redirect on for all of them.',
      instead: 'The same tls section in both, or ssl-redirect: "false" in this one.',
      bad: of(plain, ingress(`${paths(['/pay', 'Prefix'])}\ntls: [{hosts: [shop.example.com]}]`, 'pay')),
      good: of(
        annotated(plain, 'ssl-redirect: "false"'),
        ingress(`${paths(['/pay', 'Prefix'])}\ntls: [{hosts: [shop.example.com]}]`, 'pay'),
      ),
    }),
  },
  {
    code: 'MGW1216',
    name: 'nginx-path-refused',
    severity: 'info',
    category: 'migration',
    notes: ['path-refused'],
    title: 'The admission webhook of ingress-nginx refuses the path',
    docs: () => ({
      happens:
        'With strict-validate-path-type, the default, Exact and Prefix paths have letters, digits and ._/- only.',
      instead: 'pathType: ImplementationSpecific for patterns.',
      bad: of(ingress(paths(['/v[0-9]', 'Prefix']))),
      good: of(annotated(ingress(paths(['/v[0-9]', 'ImplementationSpecific'])), 'use-regex: "true"')),
    }),
  },
];
