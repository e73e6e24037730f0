// Which fields of an Ingress name other objects.

import { field, INGRESS, type References, SECRET, SERVICE } from '../reference-field.js';

export const references: References = [
  [
    INGRESS,
    [
      field('spec.ingressClassName', ['networking.k8s.io/IngressClass']),
      field('spec.tls.*.secretName', [SECRET]),
      field('spec.defaultBackend.service.name', [SERVICE]),
      field('spec.defaultBackend.resource.name', []),
      field('spec.rules.*.http.paths.*.backend.service.name', [SERVICE]),
      field('spec.rules.*.http.paths.*.backend.resource.name', []),
    ],
  ],
];
