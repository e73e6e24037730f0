// What everybody may ask about the dialect of ingress-nginx.

import type { DialectFlag, DialectProfile } from '../profile.js';

export const configMapFlag: DialectFlag = {
  name: 'ingress-nginx-configmap',
  value: '<name>',
  description:
    "NAMESPACE/NAME of the ConfigMap of ingress-nginx's controller among the files (default: the one named as it is installed), none: there is none",
  takes: 'text',
};

export const passthroughFlag: DialectFlag = {
  name: 'ingress-nginx-ssl-passthrough',
  value: '<on>',
  description:
    'on or off: whether the controller runs with --enable-ssl-passthrough (default: on where an Ingress has the annotation)',
  takes: 'text',
  words: ['on', 'off'],
};

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
  flags: [configMapFlag, passthroughFlag],
  ways: { ingress: 'Ingress' },
  wayOf: () => ({ kind: 'ingress', entry: 'rule' }),
  annotations: ['nginx.ingress.kubernetes.io/', 'ingress.kubernetes.io/'],
};
