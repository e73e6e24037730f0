// The ways as a graph: client → entry → listener → host → route → service. What several ways share is one node.

import type { MatchedOrigin, ServiceWays, WayIn, WaysIn } from '../model/index.js';
import type { PageFinding } from '../report/html/page-data.js';
import { wayName } from '../report/ways-in-words.js';
import { portText } from './words.js';

export const COLUMNS = ['client', 'entry', 'listener', 'host', 'route', 'service'] as const;
export type Column = (typeof COLUMNS)[number];

export interface MapNode {
  readonly id: string;
  readonly column: Column;
  readonly title: string;
  readonly subtitle: string;
  readonly parent?: MapNode;
  readonly children: MapNode[];
  readonly places: MatchedOrigin[];
  readonly findings: PageFinding[];
  readonly ways: Way[];
  /** Of a service: nothing leads to it. */
  readonly idle?: boolean;
  readonly service?: ServiceWays;
}

/** A way with its service and its nodes from left to right. */
export interface Way {
  readonly way: WayIn;
  readonly service: ServiceWays;
  readonly nodes: MapNode[];
  /** What a search looks at, lower case. */
  readonly text: string;
}

export interface Graph {
  readonly client: MapNode;
  readonly services: readonly MapNode[];
  readonly ways: readonly Way[];
  readonly nodes: ReadonlyMap<string, MapNode>;
}

export function graphOf({ services }: WaysIn, findings: readonly PageFinding[]): Graph {
  const map: GraphMap = { nodes: new Map(), findings: groupFindings(findings) };
  const client = nodeOf(map, { column: 'client', key: '', title: 'client', subtitle: '' });
  // A Service before a gateway is part of the way into that gateway, not a goal.
  const fronts = new Map(services.flatMap((service) => (service.front ?? []).map((id) => [id, service] as const)));
  const goals = services
    .filter((service) => !service.front)
    .map((service) => ({ service, target: serviceNode(map, service) }));
  const ways = goals.flatMap(({ service, target }) =>
    service.ways.map((way): Way => {
      const nodes = [...nodesInto(map, client, way, fronts.get(way.gateway)?.origin), target];
      const known: Way = { way, service, nodes, text: searchText(way, service) };
      for (const node of nodes) node.ways.push(known);
      return known;
    }),
  );
  return { client, services: goals.map(({ target }) => target), ways, nodes: map.nodes };
}

/** The graph while it is made. */
interface GraphMap {
  readonly nodes: Map<string, MapNode>;
  readonly findings: Findings;
}

type NodeText = Pick<MapNode, 'column' | 'title' | 'subtitle' | 'parent' | 'service' | 'idle'> & {
  /** The same in a column: the same node. */
  readonly key: string;
};

/** The node of that column and key; made and hung under its parent where there is none yet. */
function nodeOf({ nodes }: GraphMap, { key, ...text }: NodeText): MapNode {
  const id = `${text.column} ${key}`;
  const known = nodes.get(id);
  if (known) return known;
  const made: MapNode = { ...text, id, children: [], places: [], findings: [], ways: [] };
  nodes.set(id, made);
  made.parent?.children.push(made);
  return made;
}

function serviceNode(map: GraphMap, service: ServiceWays): MapNode {
  const node = nodeOf(map, {
    column: 'service',
    key: service.host,
    title: service.name,
    subtitle: aboutService(service),
    service,
    idle: service.ways.length === 0,
  });
  if (service.origin) addPlace(node, service.origin, map.findings);
  return node;
}

/** The nodes of a way from the client to its route. `front`: where the Service before its gateway is written. */
function nodesInto(map: GraphMap, client: MapNode, way: WayIn, front: MatchedOrigin | null | undefined): MapNode[] {
  const entry = nodeOf(map, {
    column: 'entry',
    key: `${way.kind} ${way.gateway}`,
    title: wayName(way),
    subtitle: way.gateway.replace(/^service:/, ''),
    parent: client,
  });
  const listener = nodeOf(map, {
    column: 'listener',
    key: `${entry.id} ${way.port} ${way.protocol} ${way.tls?.secrets.join() ?? ''} ${way.sni?.join() ?? ''}`,
    title: portText(way),
    subtitle: aboutListener(way),
    parent: entry,
  });
  const host = hostNode(map, listener, way);
  const place = `${way.rule.file}:${way.rule.line}:${way.rule.column} ${way.rule.resource} ${way.rule.path}`;
  const route = nodeOf(map, {
    column: 'route',
    key: `${(host ?? listener).id} ${place} ${way.path ?? ''} ${way.conditions.join()}`,
    title: way.path ?? (way.protocol === 'HTTP' || way.protocol === 'HTTPS' ? 'any path' : 'all bytes'),
    subtitle: way.conditions.join(', ') || way.rule.resource.split('/').at(-1)!,
    parent: host ?? listener,
  });
  if (front) addPlace(entry, front, map.findings);
  addPlace(entry, way.entry, map.findings);
  addPlace(listener, way.entry, map.findings);
  addPlace(route, way.rule, map.findings);
  return [client, entry, listener, ...(host ? [host] : []), route];
}

/** Undefined: the way names no host. */
function hostNode(map: GraphMap, listener: MapNode, way: WayIn): MapNode | undefined {
  const [first, ...others] = way.hosts.length > 0 ? way.hosts : (way.sni ?? []);
  if (first === undefined) return undefined;
  return nodeOf(map, {
    column: 'host',
    key: `${listener.id} ${[first, ...others].join()}`,
    title: first,
    subtitle: others.length > 0 ? `and ${others.length} more` : '',
    parent: listener,
  });
}

function aboutListener({ tls, port, sources }: WayIn): string {
  if (tls) return tls.secrets[0] ?? tls.mode;
  return port === null ? 'assigned by the cluster' : (sources?.join(', ') ?? '');
}

const aboutService = ({ type, kind, ports, front }: ServiceWays): string =>
  [front ? `before ${front[0]}` : (type ?? (kind === 'Service' ? '' : kind)), ports.map((p) => p.port).join(', ')]
    .filter((t) => t !== '')
    .join(' · ');

function searchText(way: WayIn, service: ServiceWays): string {
  return [
    service.name,
    service.host,
    ...way.hosts,
    ...(way.sni ?? []),
    way.path ?? '',
    ...way.conditions,
    way.gateway,
    wayName(way),
    String(way.port),
    way.protocol,
    way.rule.resource,
    way.rule.file,
  ]
    .join(' ')
    .toLowerCase();
}

type Findings = ReadonlyMap<string, readonly PageFinding[]>;

function groupFindings(findings: readonly PageFinding[]): Findings {
  const groups = new Map<string, PageFinding[]>();
  for (const finding of findings)
    groups.set(finding.at.resource, [...(groups.get(finding.at.resource) ?? []), finding]);
  return groups;
}

/** Findings of a place: of its field, of what is inside, and of what it is inside of. */
function addPlace(node: MapNode, place: MatchedOrigin, findings: Findings): void {
  if (node.places.some((p) => p.file === place.file && p.line === place.line && p.path === place.path)) return;
  node.places.push(place);
  for (const finding of findings.get(place.resource) ?? []) {
    const { path } = finding.at;
    const about = path.startsWith(place.path) || place.path.startsWith(path);
    if (about && !node.findings.includes(finding)) node.findings.push(finding);
  }
}
