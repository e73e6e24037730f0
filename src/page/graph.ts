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
  const nodes = new Map<string, MapNode>();
  const byResource = groupFindings(findings);
  const node = (
    column: Column,
    key: string,
    title: string,
    subtitle: string,
    parent?: MapNode,
    service?: ServiceWays,
  ) => {
    const id = `${column} ${key}`;
    const known = nodes.get(id);
    if (known) return known;
    const idle = service?.ways.length === 0;
    const made: MapNode = {
      id,
      column,
      title,
      subtitle,
      children: [],
      places: [],
      findings: [],
      ways: [],
      ...(parent ? { parent } : {}),
      ...(service ? { service, idle } : {}),
    };
    nodes.set(id, made);
    parent?.children.push(made);
    return made;
  };
  const client = node('client', '', 'client', '');
  const ways: Way[] = [];
  // A Service before a gateway is part of the way into that gateway, not a goal.
  const fronts = new Map(services.flatMap((service) => (service.front ?? []).map((id) => [id, service] as const)));
  const goals = services.filter((service) => !service.front);
  const serviceNodes = goals.map((service) => {
    const target = node('service', service.host, service.name, aboutService(service), undefined, service);
    if (service.origin) addPlace(target, service.origin, byResource);
    return target;
  });
  for (const [i, service] of goals.entries())
    for (const way of service.ways) {
      const target = serviceNodes[i]!;
      const entry = node(
        'entry',
        `${way.kind} ${way.gateway}`,
        wayName(way),
        way.gateway.replace(/^service:/, ''),
        client,
      );
      const front = fronts.get(way.gateway)?.origin;
      if (front) addPlace(entry, front, byResource);
      const listener = node(
        'listener',
        `${entry.id} ${way.port} ${way.protocol} ${way.tls?.secrets.join() ?? ''} ${way.sni?.join() ?? ''}`,
        portText(way),
        way.tls
          ? (way.tls.secrets[0] ?? way.tls.mode)
          : way.port === null
            ? 'picked by the cluster'
            : (way.sources?.join(', ') ?? ''),
        entry,
      );
      const names = way.hosts.length > 0 ? way.hosts : (way.sni ?? []);
      const host =
        names.length > 0
          ? node(
              'host',
              `${listener.id} ${names.join()}`,
              names[0]!,
              names.length > 1 ? `and ${names.length - 1} more` : '',
              listener,
            )
          : listener;
      const place = `${way.rule.file}:${way.rule.line}:${way.rule.column} ${way.rule.resource} ${way.rule.path}`;
      const route = node(
        'route',
        `${host.id} ${place} ${way.path ?? ''} ${way.conditions.join()}`,
        way.path ?? (way.protocol === 'HTTP' || way.protocol === 'HTTPS' ? 'any path' : 'all bytes'),
        way.conditions.join(', ') || way.rule.resource.split('/').at(-1)!,
        host,
      );
      const path = [client, entry, listener, ...(host === listener ? [] : [host]), route, target];
      addPlace(entry, way.entry, byResource);
      addPlace(listener, way.entry, byResource);
      addPlace(route, way.rule, byResource);
      const known: Way = { way, service, nodes: path, text: searchText(way, service) };
      ways.push(known);
      for (const n of path) n.ways.push(known);
    }
  return { client, services: serviceNodes, ways, nodes };
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
