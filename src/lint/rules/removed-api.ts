// API versions that an API server of today does not serve any more.
// https://kubernetes.io/docs/reference/using-api/deprecation-guide/#ingress-v122

import { originOf } from '../../model/index.js';
import { ingress } from '../examples.js';
import type { Rule } from '../rule.js';

const REMOVED: ReadonlySet<string> = new Set(['extensions/v1beta1', 'networking.k8s.io/v1beta1']);
const old = (text: string): string => text.replace('networking.k8s.io/v1', 'networking.k8s.io/v1beta1');

export const rules: readonly Rule[] = [
  {
    code: 'MGW1101',
    name: 'removed-api-version',
    severity: 'warning',
    category: 'migration',
    title: 'Kubernetes 1.22 removed the API version of an Ingress',
    docs: () => ({
      happens:
        'An API server of version 1.22 or later answers "no matches for kind Ingress"; the file cannot be applied.',
      instead: 'networking.k8s.io/v1; `meshgw convert ingress-to-ingress -f FILE` writes it.',
      bad: old(ingress('rules: [{http: {paths: [{path: /, backend: {serviceName: shop, servicePort: 80}}]}}]')),
      good: ingress(
        'rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}]',
      ),
    }),
    check: ({ catalog }, report) => {
      for (const resource of catalog.all)
        if (resource.kind === 'Ingress' && REMOVED.has(resource.apiVersion))
          report({
            message: `Kubernetes 1.22 removed ${resource.apiVersion} for Ingress: no current API server accepts it; meshgw convert ingress-to-ingress writes networking.k8s.io/v1`,
            at: originOf(resource, 'apiVersion'),
          });
    },
  },
];
