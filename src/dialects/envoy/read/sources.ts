// What one Envoy runs: listeners, route configurations and clusters, out of a config dump, a bootstrap, or single resources beside each
// other. A dump also tells which updates Envoy refused.

import type { Intake, Resource } from '../../../model/index.js';
import type { Catalog } from '../../../resources/catalog.js';
import { stringMapOf } from '../../../resources/fields.js';
import { GROUP, type KINDS } from './documents.js';
import type { Idle } from './idle.js';
import { at, field, list, type Node, topOf } from './node.js';
import { fragmentsOf } from './runtime.js';
import { shortType } from './typed.js';
import { text } from './values.js';

export interface EnvoySource {
  /** `envoy`, or the node's name. */
  readonly name: string;
  readonly listeners: readonly Node[];
  readonly routeConfigurations: readonly Node[];
  readonly clusters: readonly Node[];
  /** Whether all clusters are listed. */
  readonly knowsClusters: boolean;
  readonly refused: readonly Refused[];
  /** What is there and not in use. */
  readonly idle: readonly Idle[];
  /** Names of the secrets that Envoy has; absent: they are not listed. */
  readonly secrets?: ReadonlySet<string>;
  /** Of the pod, where the bootstrap says them (Istio's agent writes them into the metadata of the node). */
  readonly labels?: Readonly<Record<string, string>>;
  /** What its runtime does to `#…` of a path; absent: no bootstrap is among the files. */
  readonly fragments?: Intake['fragments'];
}

/** An update that Envoy did not take. */
export interface Refused {
  /** `listener 0.0.0.0_80`. */
  readonly what: string;
  /** In Envoy's words. */
  readonly details: string;
  readonly node: Node;
  /** An older version of it still works. */
  readonly keepsOld: boolean;
}

export function envoySources(catalog: Catalog): EnvoySource[] {
  const of = (kind: (typeof KINDS)[number]): readonly Resource[] => catalog.ofKind(`${GROUP}/${kind}`);
  const loose = {
    listeners: of('Listener').map(topOf),
    routeConfigurations: of('RouteConfiguration').map(topOf),
    clusters: of('Cluster').map(topOf),
  };
  const whole = [...of('ConfigDump').map(fromDump), ...of('Bootstrap').map(fromBootstrap)];
  if (loose.listeners.length + loose.routeConfigurations.length + loose.clusters.length === 0) return whole;
  const rest: EnvoySource = {
    name: 'envoy',
    ...loose,
    knowsClusters: loose.clusters.length > 0,
    refused: [],
    idle: [],
  };
  const unnamed = whole.find(({ name }) => name === 'envoy');
  if (!unnamed) return [...whole, rest];
  return whole.map((source) => (source === unnamed ? together(unnamed, rest) : source));
}

const together = (a: EnvoySource, b: EnvoySource): EnvoySource => ({
  name: a.name,
  listeners: [...a.listeners, ...b.listeners],
  routeConfigurations: [...a.routeConfigurations, ...b.routeConfigurations],
  clusters: [...a.clusters, ...b.clusters],
  knowsClusters: a.knowsClusters || b.knowsClusters,
  refused: [...a.refused, ...b.refused],
  idle: [...a.idle, ...b.idle],
  ...(a.secrets ? { secrets: a.secrets } : {}),
  ...(a.labels ? { labels: a.labels } : {}),
  ...(a.fragments ? { fragments: a.fragments } : {}),
});

/** Labels: `node.metadata.LABELS`. */
function bootstrapOf(bootstrap: Node | undefined): Pick<EnvoySource, 'labels' | 'fragments'> {
  if (!bootstrap) return {};
  const labels = at(bootstrap, 'node', 'metadata', 'LABELS');
  return { ...(labels ? { labels: stringMapOf(labels.value) } : {}), fragments: fragmentsOf(bootstrap) };
}

function fromBootstrap(resource: Resource): EnvoySource {
  const top = topOf(resource);
  const fixed = field(top, 'static_resources');
  const dynamic = field(top, 'dynamic_resources');
  return {
    name: resource.name,
    listeners: list(fixed, 'listeners'),
    routeConfigurations: [],
    clusters: list(fixed, 'clusters'),
    knowsClusters: !field(dynamic, 'cds_config') && !field(dynamic, 'ads_config'),
    refused: [],
    idle: [],
    ...bootstrapOf(top),
  };
}

interface Gathered {
  readonly listeners: Node[];
  readonly routeConfigurations: Node[];
  readonly clusters: Node[];
  readonly refused: Refused[];
  readonly idle: Idle[];
  readonly clusterNames: Set<string>;
  knowsClusters: boolean;
  secrets?: Set<string>;
}

function fromDump(resource: Resource): EnvoySource {
  const gathered: Gathered = {
    listeners: [],
    routeConfigurations: [],
    clusters: [],
    refused: [],
    idle: [],
    clusterNames: new Set(),
    knowsClusters: false,
  };
  const sections = list(topOf(resource), 'configs');
  for (const section of sections) readSection(section, gathered);
  const bootstrap = sections.find((s) => shortType(text(s, '@type') ?? '') === 'BootstrapConfigDump');
  return { name: resource.name, ...gathered, ...bootstrapOf(field(bootstrap, 'bootstrap')) };
}

/** A section of a dump, or (`/config_dump?resource=…`) an entry of one. */
function readSection(section: Node, gathered: Gathered): void {
  switch (shortType(text(section, '@type') ?? '')) {
    case 'ListenersConfigDump':
      for (const one of list(section, 'static_listeners')) add(gathered.listeners, field(one, 'listener'));
      for (const one of list(section, 'dynamic_listeners')) dynamicListener(one, gathered);
      break;
    case 'DynamicListener':
      dynamicListener(section, gathered);
      break;
    case 'StaticListener':
      add(gathered.listeners, field(section, 'listener'));
      break;
    case 'RoutesConfigDump':
      for (const name of ['static_route_configs', 'dynamic_route_configs'])
        for (const one of list(section, name)) routeConfiguration(one, gathered);
      break;
    case 'StaticRouteConfig':
    case 'DynamicRouteConfig':
      routeConfiguration(section, gathered);
      break;
    case 'ClustersConfigDump':
      gathered.knowsClusters = true;
      for (const name of ['static_clusters', 'dynamic_active_clusters', 'dynamic_warming_clusters'])
        for (const one of list(section, name)) cluster(one, name === 'dynamic_warming_clusters', gathered);
      break;
    case 'SecretsConfigDump':
      gathered.secrets ??= new Set();
      for (const name of ['static_secrets', 'dynamic_active_secrets'])
        for (const one of list(section, name)) gathered.secrets.add(text(one, 'name') ?? '');
      break;
    case 'StaticCluster':
    case 'DynamicCluster':
      cluster(section, false, gathered);
      break;
    case 'Listener':
      gathered.listeners.push(section);
      break;
    case 'RouteConfiguration':
      gathered.routeConfigurations.push(section);
      break;
    case 'Cluster':
      gathered.clusters.push(section);
  }
}

function add(to: Node[], node: Node | undefined): void {
  if (node) to.push(node);
}

/** Only the active state takes connections. */
function dynamicListener(node: Node, gathered: Gathered): void {
  const active = at(node, 'active_state', 'listener');
  add(gathered.listeners, active);
  const name = text(node, 'name') ?? text(active, 'name') ?? '';
  noteRefused(node, `listener ${name}`, active !== undefined, gathered);
  for (const state of ['warming', 'draining'] as const) {
    const listener = at(node, `${state}_state`, 'listener');
    if (listener) gathered.idle.push({ kind: 'listener', name, state, node: listener, replaced: active !== undefined });
  }
}

function routeConfiguration(node: Node, gathered: Gathered): void {
  const config = field(node, 'route_config');
  add(gathered.routeConfigurations, config);
  noteRefused(node, `route configuration ${text(config, 'name') ?? ''}`, config !== undefined, gathered);
}

function cluster(node: Node, warming: boolean, gathered: Gathered): void {
  const config = field(node, 'cluster');
  const name = text(config, 'name') ?? '';
  noteRefused(node, `cluster ${name}`, config !== undefined && !warming, gathered);
  if (!config) return;
  const replaced = gathered.clusterNames.has(name);
  if (warming) gathered.idle.push({ kind: 'cluster', name, state: 'warming', node: config, replaced });
  else {
    gathered.clusterNames.add(name);
    gathered.clusters.push(config);
  }
}

function noteRefused(node: Node, what: string, keepsOld: boolean, gathered: Gathered): void {
  const error = field(node, 'error_state');
  const details = text(error, 'details');
  if (error && details !== undefined) gathered.refused.push({ what: what.trim(), details, node: error, keepsOld });
}
