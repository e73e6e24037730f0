// What everybody may ask about the dialect of plain Ingresses.

import { isIngress } from '../../resources/ingress.js';
import { isIngressClass } from '../../resources/ingress-class.js';
import type { DialectProfile } from '../profile.js';

export const profile: DialectProfile = {
  name: 'ingress',
  title: 'Ingress',
  rank: 1,
  kinds: [
    { group: 'extensions', kinds: ['Ingress'] },
    { group: 'networking.k8s.io', kinds: ['Ingress', 'IngressClass'], clusterScoped: ['IngressClass'] },
  ],
  allKinds: {
    'networking.k8s.io': ['Ingress', 'IngressClass', 'NetworkPolicy', 'IPAddress', 'ServiceCIDR', 'ClusterCIDR'],
  },
  ingress: { word: 'kubernetes' },
  gatewaysFrom: 'an Ingress',
  ways: { ingress: 'Ingress' },
  wayOf: () => ({ kind: 'ingress', entry: 'rule' }),
  source: {
    wanted: 'Ingress',
    part: (resource) => (isIngress(resource) ? 'translated' : isIngressClass(resource) ? 'consulted' : undefined),
  },
  target: { approach: 'ingress', asWritten: true, writesOperators: () => false },
};
