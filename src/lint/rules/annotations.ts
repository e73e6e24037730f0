// What a controller makes of the annotations of its objects: the dialects know (annotationFindings), lint has a code for each kind of finding.

import type { Severity } from '../../diagnostics/index.js';
import type { AnnotationFinding } from '../../dialects/dialect.js';
import { ingress } from '../examples.js';
import type { Category, Rule } from '../rule.js';

const spec =
  'ingressClassName: nginx\nrules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}]';
const annotated = (...annotations: string[]) =>
  ingress(spec).replace(
    'namespace: default',
    ['namespace: default', '  annotations:', ...annotations.map((a) => `    nginx.ingress.kubernetes.io/${a}`)].join(
      '\n',
    ),
  );

interface AnnotationRule {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly finding: AnnotationFinding['code'];
  readonly title: string;
  readonly happens: string;
  readonly instead: string;
  readonly bad: string;
  readonly good: string;
}

const TABLE: readonly AnnotationRule[] = [
  {
    code: 'MGW1201',
    name: 'unknown-annotation',
    severity: 'warning',
    category: 'field',
    finding: 'unknown',
    title: 'Unknown annotation of the controller',
    happens: 'It is silently ignored.',
    instead: 'The intended name.',
    bad: annotated('rewrite-targett: /'),
    good: annotated('rewrite-target: /'),
  },
  {
    code: 'MGW1202',
    name: 'annotation-value-ignored',
    severity: 'warning',
    category: 'field',
    finding: 'ignored-value',
    title: 'Invalid annotation value',
    happens: 'The annotation counts as absent.',
    instead: 'A value of the type that the message names.',
    bad: annotated('proxy-read-timeout: "1m"'),
    good: annotated('proxy-read-timeout: "60"'),
  },
  {
    code: 'MGW1203',
    name: 'annotation-drops-object',
    severity: 'warning',
    category: 'field',
    finding: 'ingress-ignored',
    title: 'The controller ignores the whole object because of an annotation',
    happens: 'None of its hosts and paths is served.',
    instead: 'A value of the type that the message names.',
    bad: annotated('permanent-redirect: "shop example com"'),
    good: annotated('permanent-redirect: "https://shop.example.com"'),
  },
  {
    code: 'MGW1204',
    name: 'annotation-denies-paths',
    severity: 'warning',
    category: 'field',
    finding: 'location-denied',
    title: 'Every path of the Ingress answers 503 because of an annotation',
    happens: 'The controller denies the paths because it cannot apply a security setting.',
    instead: 'A value of the type that the message names.',
    bad: annotated('whitelist-source-range: "home"'),
    good: annotated('whitelist-source-range: "10.0.0.0/8"'),
  },
  {
    code: 'MGW1207',
    name: 'annotation-drops-authentication',
    severity: 'warning',
    category: 'security',
    finding: 'auth-ignored',
    title: 'Authentication is disabled because of an invalid annotation',
    happens: 'The paths are served without it.',
    instead: 'A value of the type that the message names.',
    bad: annotated('auth-url: "https://auth.example.com/check"', 'auth-cache-duration: "200 {5m}"'),
    good: annotated('auth-url: "https://auth.example.com/check"'),
  },
  {
    code: 'MGW1205',
    name: 'annotation-without-effect',
    severity: 'info',
    category: 'field',
    finding: 'no-effect',
    title: 'An annotation has no effect',
    happens: 'It needs another annotation, or another one wins.',
    instead: 'Remove it, or add what it needs.',
    bad: annotated('canary-weight: "10"'),
    good: annotated('canary: "true"', 'canary-weight: "10"'),
  },
  {
    code: 'MGW1206',
    name: 'configuration-snippet',
    severity: 'warning',
    category: 'security',
    finding: 'snippet',
    title: 'An annotation contains raw proxy configuration',
    happens:
      'A snippet can read the secrets of every namespace (CVE-2021-25742); with its default settings the controller refuses the Ingress. Beyond headers, responses and address lists it cannot be translated to other systems.',
    instead: 'A dedicated annotation, or a setting of the controller.',
    bad: annotated('configuration-snippet: "more_set_headers \\"x-a: 1\\";"'),
    good: annotated('rewrite-target: /'),
  },
];

export const rules: readonly Rule[] = TABLE.map(
  ({ code, name, severity, category, finding, title, happens, instead, bad, good }) => ({
    code,
    name,
    severity,
    category,
    title,
    docs: () => ({ happens, instead, bad, good }),
    check: ({ catalog, dialects }, report) => {
      if (!dialects) return;
      for (const resource of catalog.all)
        for (const { code: said, message, path, suggestion } of dialects.annotations(resource, catalog)) {
          if (said !== finding) continue;
          const at = { resource, path };
          const isThere = Object.hasOwn(resource.annotations, String(path[path.length - 1]));
          report({
            message,
            at,
            ...(finding === 'unknown' ? { about: 'key' } : {}),
            ...(suggestion && isThere && !Object.hasOwn(resource.annotations, suggestion)
              ? {
                  fix: {
                    description: `rename it to ${suggestion}`,
                    edits: [{ op: 'rename', origin: at, to: suggestion }],
                  },
                }
              : {}),
          });
        }
    },
  }),
);
