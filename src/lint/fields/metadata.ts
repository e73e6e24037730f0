// What the API server says about the metadata of every object: ValidateObjectMeta of k8s.io/apimachinery (1.36).

import { service, virtualService } from '../examples.js';
import type { FieldCheck, FieldTest, Rule } from '../rule.js';
import { at, rejected } from './field-rule.js';
import { dns1035Label, dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from './names.js';
import { object, text } from './values.js';

const REJECTED = 'The API server refuses the object.';
const SUBDOMAIN_NAMES = [
  'networking.k8s.io/Ingress',
  'extensions/Ingress',
  'networking.k8s.io/IngressClass',
  '/Secret',
  '/ConfigMap',
]
  .concat(
    ['VirtualService', 'DestinationRule', 'ServiceEntry', 'Gateway', 'Sidecar', 'EnvoyFilter', 'WorkloadEntry'].map(
      (k) => `networking.istio.io/${k}`,
    ),
  )
  .concat(
    ['Gateway', 'GatewayClass', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'ReferenceGrant', 'BackendTLSPolicy'].map(
      (k) => `gateway.networking.k8s.io/${k}`,
    ),
  )
  .concat(['RequestAuthentication', 'AuthorizationPolicy', 'PeerAuthentication'].map((k) => `security.istio.io/${k}`));
const KINDS = ['/Service', ...SUBDOMAIN_NAMES];

const on = (kinds: readonly string[], path: string, test: FieldTest): FieldCheck[] =>
  kinds.flatMap((kind) => at(kind, path, test));
const ROUTE = 'hosts: [shop.example.com]\nhttp:\n- route:\n  - destination: {host: shop}';
const PORTS = 'ports: [{name: http, port: 80}]';
/** All annotations of an object together. */
const MOST_BYTES = 256 * 1024;

export const rules: readonly Rule[] = [
  rejected(
    {
      code: 'MGW0721',
      name: 'object-name',
      title: 'Invalid object name',
      docs: {
        happens: REJECTED,
        instead: 'Lower case letters, digits, dashes and (not for a Service) dots.',
        bad: virtualService(ROUTE, 'My_Shop'),
        good: virtualService(ROUTE, 'my-shop'),
      },
    },
    on(SUBDOMAIN_NAMES, 'metadata.name', (value) => dns1123Subdomain(text(value))),
    on(['/Service'], 'metadata.name', (value) => dns1123Label(text(value))),
    on(KINDS, 'metadata.namespace', (value) => (value === '' ? undefined : dns1123Label(text(value)))),
  ),
  rejected(
    {
      code: 'MGW0723',
      name: 'service-name-digit',
      severity: 'info',
      title: 'The name of a Service begins with a digit',
      docs: {
        happens: 'API servers before Kubernetes 1.36 refuse it (RelaxedServiceNameValidation, KEP-5311).',
        instead: 'A name that begins with a letter.',
        bad: service(PORTS, '1shop'),
        good: service(PORTS, 'shop-1'),
      },
    },
    on(['/Service'], 'metadata.name', (value) =>
      dns1123Label(text(value)) === undefined && dns1035Label(text(value)) !== undefined
        ? `"${text(value)}" begins with a digit, which API servers before Kubernetes 1.36 refuse`
        : undefined,
    ),
  ),
  rejected(
    {
      code: 'MGW0722',
      name: 'label-or-annotation',
      title: 'Invalid label or annotation key',
      docs: {
        happens: REJECTED,
        instead: 'Keys [prefix/]name and values of letters, digits, "-", "_" and ".".',
        bad: service(PORTS).replace('namespace: default', 'namespace: default\n  labels: {app: "my shop!"}'),
        good: service(PORTS).replace('namespace: default', 'namespace: default\n  labels: {app: my-shop}'),
      },
    },
    on(KINDS, 'metadata.labels{}', (value, { key }) => [qualifiedName(String(key)), labelValue(text(value))]),
    on(KINDS, 'metadata.annotations{}', (_, { key }) => qualifiedName(String(key).toLowerCase())),
    on(KINDS, 'metadata.annotations', (value) => {
      const size = Object.entries(object(value)).reduce((sum, [k, v]) => sum + k.length + text(v).length, 0);
      return size > MOST_BYTES ? 'the annotations are larger than 256 KiB together' : undefined;
    }),
  ),
];
