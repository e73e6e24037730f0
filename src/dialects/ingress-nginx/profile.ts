// What everybody may ask about the dialect of ingress-nginx.

import type { DialectProfile } from '../profile.js';

export const profile: DialectProfile = {
  name: 'ingress-nginx',
  title: 'ingress-nginx',
  rank: 1.1,
  ingress: {
    word: 'nginx',
    className: 'nginx',
    controller: 'k8s.io/ingress-nginx',
    annotations: 'nginx.ingress.kubernetes.io/',
    // By custom, further controllers in a cluster still name ingress-nginx in `--controller-class`.
    isController: (controller) => /^k8s\.io\/.*ingress-nginx/.test(controller),
  },
  ways: { ingress: 'Ingress' },
  wayOf: () => ({ kind: 'ingress', entry: 'rule' }),
  annotations: ['nginx.ingress.kubernetes.io/', 'ingress.kubernetes.io/'],
};
