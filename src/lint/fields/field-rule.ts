// How field rules are written: one code, its words, and the paths where its test runs.

import type { Category, FieldCheck, FieldTest, Rule } from '../rule.js';

export const GATEWAY = 'networking.istio.io/Gateway';
export const VIRTUAL_SERVICE = 'networking.istio.io/VirtualService';
export const DESTINATION_RULE = 'networking.istio.io/DestinationRule';
export const SERVICE_ENTRY = 'networking.istio.io/ServiceEntry';
export const SIDECAR = 'networking.istio.io/Sidecar';
/** Where a Sidecar has the connection pool settings of a DestinationRule. */
export const SIDECAR_POOLS = ['spec.ingress[].connectionPool', 'spec.inboundConnectionPool'];
export const AUTHORIZATION_POLICY = 'security.istio.io/AuthorizationPolicy';
export const REQUEST_AUTHENTICATION = 'security.istio.io/RequestAuthentication';
export const PEER_AUTHENTICATION = 'security.istio.io/PeerAuthentication';
export const TELEMETRY = 'telemetry.istio.io/Telemetry';
export const WASM_PLUGIN = 'extensions.istio.io/WasmPlugin';
export const TRAFFIC_EXTENSION = 'extensions.istio.io/TrafficExtension';
const PROXY_CONFIG = 'networking.istio.io/ProxyConfig';
/** Kinds whose `selector` is that of a policy (type/v1beta1/selector.proto of Istio's API). */
export const WITH_SELECTOR = [
  AUTHORIZATION_POLICY,
  REQUEST_AUTHENTICATION,
  PEER_AUTHENTICATION,
  TELEMETRY,
  WASM_PLUGIN,
  TRAFFIC_EXTENSION,
  PROXY_CONFIG,
];

export const at = (kind: string, paths: string | readonly string[], test: FieldTest): FieldCheck[] =>
  (typeof paths === 'string' ? [paths] : paths).map((path) => ({ kind, at: path, test }));

export const onKinds = (kinds: readonly string[], paths: string | readonly string[], test: FieldTest): FieldCheck[] =>
  kinds.flatMap((kind) => at(kind, paths, test));

type Words = Pick<Rule, 'code' | 'name' | 'title' | 'docs'> &
  Partial<Pick<Rule, 'severity' | 'category' | 'istio' | 'kiali' | 'optIn'>>;

const fieldRule = (
  base: { severity: Rule['severity']; istio?: string; category: Category },
  words: Words,
  fields: readonly FieldCheck[][],
): Rule => ({
  ...base,
  ...words,
  fields: fields.flat(),
});

/** What Istio's webhook (and `istioctl validate`) refuses. */
export const refused = (words: Words, ...fields: readonly FieldCheck[][]): Rule =>
  fieldRule({ severity: 'error', istio: 'IST0106', category: 'field' }, words, fields);

/** What Istio accepts with a warning. */
export const warned = (words: Words, ...fields: readonly FieldCheck[][]): Rule =>
  fieldRule({ severity: 'warning', istio: 'IST0133', category: 'field' }, words, fields);

/** What the API server refuses. */
export const rejected = (words: Words, ...fields: readonly FieldCheck[][]): Rule =>
  fieldRule({ severity: 'error', category: 'field' }, words, fields);
