// The ways as a tree: entry → namespace → host → route → services. What several ways share is one item: the ports of a host, the
// versions of a destination.

import type { MatchedOrigin, ServiceWays, WayIn, WaysIn } from '../model/index.js';
import type { PageFinding } from '../report/html/page-data.js';
import { wayName } from '../report/ways-in-words.js';
import { portText } from './words.js';

export const LEVELS = ['entry', 'namespace', 'host', 'route', 'service'] as const;
export type Level = (typeof LEVELS)[number];

export interface Item {
  /** Unique on the page. */
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly subtitle: string;
  readonly parent?: Item;
  readonly children: Item[];
  readonly places: MatchedOrigin[];
  readonly findings: PageFinding[];
  readonly ways: Way[];
  /** Of a service: what is known of it, wherever it stands. */
  readonly service?: ServiceWays;
}

/** A way with its items from the entry to the service. */
export interface Way {
  readonly way: WayIn;
  readonly service: ServiceWays;
  readonly items: readonly Item[];
}

export interface Tree {
  readonly entries: readonly Item[];
  /** Goals, by name: services that stand for gateways themselves are not among them. */
  readonly services: readonly ServiceWays[];
  readonly ways: readonly Way[];
  readonly items: ReadonlyMap<string, Item>;
}

export function treeOf({ services }: WaysIn, findings: readonly PageFinding[]): Tree {
  const paths = new Set(services.flatMap(({ ways }) => ways.map((way) => pathKey(way, way.path))));
  const growing: Growing = { items: new Map(), findings: groupFindings(findings), paths };
  // A Service before a gateway is part of the way into that gateway, not a goal.
  const fronts = new Map(
    services.flatMap((service) => (service.front ?? []).map((id) => [id, service.origin] as const)),
  );
  const goals = services.filter((service) => !service.front);
  const ways = goals.flatMap((service) =>
    service.ways.map((way): Way => {
      const items = itemsOf(growing, way, service, fronts.get(way.gateway));
      const known: Way = { way, service, items };
      for (const item of items) item.ways.push(known);
      return known;
    }),
  );
  return {
    // First the gateways, then what leads to single Services.
    entries: [...growing.items.values()]
      .filter((item) => item.level === 'entry')
      .sort((a, b) => Number(isDirect(a.ways[0]!.way)) - Number(isDirect(b.ways[0]!.way))),
    services: goals,
    ways,
    items: growing.items,
  };
}

/** The tree while it is made. */
interface Growing {
  readonly items: Map<string, Item>;
  /** Of all ways: which paths a rule has. */
  readonly paths: ReadonlySet<string>;
  readonly findings: Findings;
}

type ItemText = Pick<Item, 'level' | 'title' | 'subtitle' | 'service'> & {
  /** The same below one parent: the same item. */
  readonly key: string;
};

function itemOf({ items }: Growing, parent: Item | undefined, { key, ...text }: ItemText): Item {
  const id = `${parent ? `${parent.id} / ` : ''}${key}`;
  const known = items.get(id);
  if (known) return known;
  const made: Item = { ...text, id, ...(parent ? { parent } : {}), children: [], places: [], findings: [], ways: [] };
  items.set(id, made);
  parent?.children.push(made);
  return made;
}

/** From the entry to the service. `front`: where the Service before its gateway is written. */
function itemsOf(growing: Growing, way: WayIn, service: ServiceWays, front: MatchedOrigin | undefined): Item[] {
  const ofService = isDirect(way);
  const name = wayName(way);
  const entry = itemOf(growing, undefined, {
    level: 'entry',
    key: ofService ? name : `${name} ${way.gateway}`,
    title: name,
    subtitle: ofService ? 'directly to a Service' : way.gateway,
  });
  const space = namespaceOf(way.rule.resource);
  const namespace = itemOf(growing, entry, {
    level: 'namespace',
    key: space,
    title: space === '' ? 'no namespace' : space,
    subtitle: '',
  });
  const names = way.hosts.length > 0 ? way.hosts : (way.sni ?? []);
  const host = itemOf(growing, namespace, {
    level: 'host',
    key: names.length > 0 ? `host ${names.join()}` : `port ${portText(way)} ${ofService ? way.gateway : ''}`,
    title: names[0] === '*' ? 'any host' : (names[0] ?? portText(way)),
    subtitle: names.length > 1 ? `and ${names.length - 1} more` : (way.sources?.join(', ') ?? ''),
  });
  const { file, line, column, resource, path } = way.rule;
  const written = writtenPath(way, growing.paths);
  const route = itemOf(growing, host, {
    level: 'route',
    key: `${file}:${line}:${column} ${path} ${written ?? ''} ${way.conditions.join()}`,
    title: written ?? (isHttp(way) ? 'any path' : 'all bytes'),
    subtitle: way.conditions.join(', ') || (resource.split('/').at(-1) ?? ''),
  });
  const target = itemOf(growing, route, {
    level: 'service',
    key: `${way.mirror ? 'copy ' : ''}${service.host}`,
    title: service.name,
    subtitle: aboutService(service),
    service,
  });
  const { findings } = growing;
  if (front) addPlace(entry, front, findings);
  for (const item of ofService ? [] : [entry]) addPlace(item, way.entry, findings);
  addPlace(host, way.entry, findings);
  addPlace(route, way.rule, findings);
  if (service.origin) addPlace(target, service.origin, findings);
  return [entry, namespace, host, route, target];
}

const pathKey = ({ gateway, hosts, rule, conditions }: WayIn, path: string | undefined): string =>
  [gateway, hosts.join(), rule.file, rule.line, rule.column, rule.path, conditions.join(), path].join('\n');

/** nginx makes two locations of a Prefix `/cart` (`= /cart` and `begins /cart/`): one path of the file, and one line here. */
function writtenPath(way: WayIn, paths: ReadonlySet<string>): string | undefined {
  const [, exact] = /^= (\/.*[^/])$/.exec(way.path ?? '') ?? [];
  const [, below] = /^begins (\/.*)\/$/.exec(way.path ?? '') ?? [];
  const both = exact ?? below;
  const other = exact === undefined ? `= ${below}` : `begins ${exact}/`;
  return both !== undefined && paths.has(pathKey(way, other)) ? `at or below ${both}` : way.path;
}

const isDirect = ({ gateway }: WayIn): boolean => gateway.startsWith('service:');

const isHttp = ({ protocol }: WayIn): boolean => protocol === 'HTTP' || protocol === 'HTTPS';

/** Of `VirtualService shop/cart`: shop. */
const namespaceOf = (resource: string): string => /^\S+ ([^/\s]+)\//.exec(resource)?.[1] ?? '';

export const aboutService = ({ type, kind, ports }: ServiceWays): string =>
  [type ?? (kind === 'Service' ? '' : kind), ports.map((p) => p.port).join(', ')].filter((t) => t !== '').join(' · ');

/** Ports of some ways, each with its Secret: `HTTPS 443` → `shop/cert`. */
export function portsOf(ways: readonly Way[]): ReadonlyMap<string, string> {
  const ports = new Map<string, Set<string>>();
  for (const { way } of ways) {
    const name = portText(way);
    const known = ports.get(name) ?? new Set();
    ports.set(name, known);
    for (const secret of way.tls?.secrets ?? []) known.add(secret);
    if (way.tls && way.tls.secrets.length === 0) known.add(way.tls.mode);
  }
  return new Map([...ports].sort(([a], [b]) => a.localeCompare(b)).map(([name, of]) => [name, [...of].join(', ')]));
}

/** `30 %`, `v1 90 %, v2 10 %`, `copy 5 %`; empty where everything goes there. */
export function shareText(ways: readonly Way[]): string {
  const parts = new Map<string, string>();
  for (const { way } of ways) {
    const { port, subset } = way.destination;
    const share = way.mirror ? `copy ${way.weight} %` : way.weight < 100 ? `${way.weight} %` : '';
    parts.set(`${port}/${subset ?? ''}/${share}`, [subset ?? '', share].filter((t) => t !== '').join(' '));
  }
  return [...parts.values()].filter((t) => t !== '').join(', ');
}

/** The item and what it stands in, from the entry on. */
export function lineageOf(item: Item): readonly Item[] {
  const line: Item[] = [];
  for (let at: Item | undefined = item; at; at = at.parent) line.unshift(at);
  return line;
}

/** Lines of some items and of all below them: services stand beside their routes. */
export const counts = (items: readonly Item[], childrenOf: (item: Item) => readonly Item[]): number =>
  items.reduce((n, item) => n + (item.level === 'service' ? 0 : 1 + counts(childrenOf(item), childrenOf)), 0);

type Findings = ReadonlyMap<string, readonly PageFinding[]>;

function groupFindings(findings: readonly PageFinding[]): Findings {
  const groups = new Map<string, PageFinding[]>();
  for (const finding of findings)
    groups.set(finding.at.resource, [...(groups.get(finding.at.resource) ?? []), finding]);
  return groups;
}

/** Findings of a place: of its field, of what is inside, and of what it is inside of. */
function addPlace(item: Item, place: MatchedOrigin, findings: Findings): void {
  if (item.places.some((p) => p.file === place.file && p.line === place.line && p.path === place.path)) return;
  item.places.push(place);
  for (const finding of findings.get(place.resource) ?? []) {
    const { path } = finding.at;
    const about = path.startsWith(place.path) || place.path.startsWith(path);
    if (about && !item.findings.includes(finding)) item.findings.push(finding);
  }
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

export const bySeverity = (findings: readonly PageFinding[]): PageFinding[] =>
  [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);

/** Findings of an item and of all below it, each once. */
export function findingsBelow(item: Item): ReadonlySet<PageFinding> {
  const found = new Set(item.findings);
  for (const child of item.children) for (const finding of findingsBelow(child)) found.add(finding);
  return found;
}
