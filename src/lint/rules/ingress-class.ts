// What the files do not say and meshgw takes for given about the controller of an Ingress.

import { ingress } from '../examples.js';
import type { Rule } from '../rule.js';

const BACKEND = 'backend: {service: {name: shop, port: {number: 80}}}';
const RULES = `rules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, ${BACKEND}}]}}]`;
const annotated = (className: string): string =>
  ingress(`ingressClassName: ${className}\n${RULES}`).replace(
    'spec:',
    '  annotations:\n    nginx.ingress.kubernetes.io/rewrite-target: /\nspec:',
  );

export const rules: readonly Rule[] = [
  {
    code: 'MGW1503',
    name: 'ingress-class-assumed',
    severity: 'warning',
    category: 'note',
    title: 'The controller of an Ingress was guessed from its annotations',
    docs: () => ({
      happens:
        'The files do not hold the IngressClass, and its name does not identify a controller. The annotations are those of one controller, so the Ingress is read as that controller would.',
      instead:
        'Name the controller: `--class NAME=nginx`, `environment: {classes: {NAME: nginx}}` in meshgw.config.yaml, or the IngressClass among the files.',
      bad: annotated('public'),
      good: annotated('nginx'),
    }),
    check: ({ assumptions = [] }, report) => {
      for (const { code, message, hint, origin } of assumptions)
        if (code === 'ingress-class' && origin) report({ message: `${message} (${hint})`, at: origin });
    },
  },
  {
    code: 'MGW1504',
    name: 'ingress-class-unknown',
    severity: 'info',
    category: 'note',
    title: 'The controller of an Ingress is not known',
    docs: () => ({
      happens:
        'Which controller serves the Ingress is not in the files: it is read by the Kubernetes specification, and what its controller adds (redirects to https, paths that are patterns, annotations) was not checked.',
      instead:
        'Name the controller: `--class NAME=nginx`, `environment: {classes: {NAME: nginx}}` in meshgw.config.yaml, or the IngressClass among the files.',
      bad: ingress(`ingressClassName: public\n${RULES}`),
      good: ingress(`ingressClassName: nginx\n${RULES}`),
    }),
    check: ({ assumptions = [] }, report) => {
      for (const { code, message, hint, origin } of assumptions)
        if (code === 'ingress-class-unknown' && origin) report({ message: `${message} (${hint})`, at: origin });
    },
  },
];
