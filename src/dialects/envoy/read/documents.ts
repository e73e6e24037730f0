// Which documents are Envoy's configuration: by what they hold, because none of them says it. /config_dump and `istioctl proxy-config all`
// have `configs`; a bootstrap has `static_resources` or `dynamic_resources`; the others are lists of single resources, or one of them.

import { isObject, type Json, type JsonObject, own } from '../../../model/index.js';
import type { RecognisedDocument } from '../../profile.js';

/** The group that these objects have here; nobody applies them. */
export const GROUP = 'config.envoyproxy.io';
export const KINDS = ['ConfigDump', 'Bootstrap', 'Listener', 'RouteConfiguration', 'Cluster'] as const;
type Kind = (typeof KINDS)[number];

const has = (value: JsonObject, snake: string): Json | undefined =>
  own(value, snake) ??
  own(
    value,
    snake.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  );

/** `envoy` where it has no name. */
const named = (kind: Kind, name: Json | undefined): RecognisedDocument => ({
  apiVersion: `${GROUP}/v3`,
  kind,
  name: typeof name === 'string' && name !== '' ? name : 'envoy',
});

export function envoyDocument(value: JsonObject): RecognisedDocument | undefined {
  const { configs } = value;
  if (Array.isArray(configs) && (configs as readonly Json[]).some(isTyped)) return named('ConfigDump', nodeIn(configs));
  if (isEmptyDump(value)) return named('ConfigDump', undefined);
  if (isObject(has(value, 'static_resources')) || isObject(has(value, 'dynamic_resources')))
    return named('Bootstrap', nodeName(value));
  if (Array.isArray(has(value, 'virtual_hosts')) || isType(value, 'RouteConfiguration'))
    return named('RouteConfiguration', value.name);
  if (isListener(value)) return named('Listener', value.name);
  if (isCluster(value)) return named('Cluster', value.name);
  return undefined;
}

/** A dump of an Envoy that has nothing yet, or one that went wrong on its way to the file: `configs` alone, and nothing in it. */
const isEmptyDump = (value: JsonObject): boolean => {
  const configs = own(value, 'configs');
  if (configs === undefined || Object.keys(value).length > 1) return false;
  return configs === null || (typeof configs === 'object' && Object.keys(configs).length === 0);
};

const typeOf = (value: Json | undefined): string => {
  const type = isObject(value) ? own(value, '@type') : undefined;
  return typeof type === 'string' ? type : '';
};
const isTyped = (value: Json): boolean => typeOf(value).includes('envoy.');
const isType = (value: JsonObject, name: string): boolean => typeOf(value).endsWith(`.${name}`);

const isListener = (value: JsonObject): boolean =>
  isType(value, 'Listener') ||
  Array.isArray(has(value, 'filter_chains')) ||
  isObject(has(value, 'default_filter_chain'));

const isCluster = (value: JsonObject): boolean =>
  typeof value.name === 'string' &&
  (isType(value, 'Cluster') ||
    isObject(has(value, 'load_assignment')) ||
    isObject(has(value, 'eds_cluster_config')) ||
    (has(value, 'connect_timeout') !== undefined &&
      (value.type !== undefined || has(value, 'cluster_type') !== undefined)));

const nodeName = (bootstrap: Json | undefined): Json | undefined =>
  isObject(bootstrap) && isObject(bootstrap.node) ? shortNode(bootstrap.node.id) : undefined;

function nodeIn(configs: Json): Json | undefined {
  const found = (configs as readonly Json[]).find((c) => typeOf(c).endsWith('.BootstrapConfigDump'));
  return isObject(found) ? nodeName(found.bootstrap) : undefined;
}

/** Istio's `router~10.1.2.3~ingress-7d4.istio-system~istio-system.svc.cluster.local`: the pod and its namespace. */
const shortNode = (id: Json | undefined): Json | undefined =>
  typeof id === 'string' && id.split('~').length === 4 ? id.split('~')[2] : id;
