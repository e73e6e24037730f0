// Ingress and IngressClass: not among the upstream documents, written from the API reference
// (https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/, ingress-class-v1, and the
// reference of Kubernetes 1.21 for v1beta1). Required fields and enums are what the API server's own validation demands.

import type { KindSchemas, Schema } from './generate-schemas.js';

const text: Schema = { type: 'string' };
const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
});
const list = (items: Schema): Schema => ({ type: 'array', items });

const resourceRef = object({ apiGroup: text, kind: text, name: text }, ['kind', 'name']);
const tls = list(object({ hosts: list(text), secretName: text }));
const pathType = (required: boolean): Schema => ({
  type: 'string',
  enum: ['Exact', 'ImplementationSpecific', 'Prefix'],
  // Before v1 the API server filled it in (pkg/apis/networking/v1beta1/defaults.go).
  ...(required ? {} : { default: 'ImplementationSpecific' }),
});

const backend = object({
  service: object({ name: text, port: object({ name: text, number: { type: 'integer', format: 'int32' } }) }, ['name']),
  resource: resourceRef,
});
const oldBackend = object({
  serviceName: text,
  servicePort: { 'x-kubernetes-int-or-string': true },
  resource: resourceRef,
});

const rules = (target: Schema, v1: boolean): Schema =>
  list(
    object({
      host: text,
      http: object(
        {
          paths: list(
            object({ path: text, pathType: pathType(v1), backend: target }, v1 ? ['backend', 'pathType'] : ['backend']),
          ),
        },
        ['paths'],
      ),
    }),
  );

const meta = { apiVersion: text, kind: text, metadata: {} };
const ingress = (spec: Record<string, Schema>): Schema => object({ ...meta, spec: object(spec) });
const v1 = ingress({ ingressClassName: text, defaultBackend: backend, tls, rules: rules(backend, true) });
const v1beta1 = ingress({ ingressClassName: text, backend: oldBackend, tls, rules: rules(oldBackend, false) });

const ingressClass = object({
  ...meta,
  spec: object({
    controller: text,
    parameters: object(
      {
        apiGroup: text,
        kind: text,
        name: text,
        namespace: text,
        scope: { type: 'string', enum: ['Cluster', 'Namespace'] },
      },
      ['kind', 'name'],
    ),
  }),
});

export const HAND_WRITTEN: readonly KindSchemas[] = [
  {
    group: 'networking.k8s.io',
    kind: 'Ingress',
    served: [
      { versions: ['v1'], schema: v1 },
      { versions: ['v1beta1'], schema: v1beta1 },
    ],
  },
  { group: 'extensions', kind: 'Ingress', served: [{ versions: ['v1beta1'], schema: v1beta1 }] },
  {
    group: 'networking.k8s.io',
    kind: 'IngressClass',
    clusterScoped: true,
    served: [{ versions: ['v1', 'v1beta1'], schema: ingressClass }],
  },
];
