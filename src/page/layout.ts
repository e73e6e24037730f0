// Where the nodes of the map stand, and which are folded so that thousands of routes stay a picture.

import { append, counted, greatest } from '../model/index.js';
import { COLUMNS, type Column, type Graph, type MapNode, type Way } from './graph.js';

export interface Shown {
  readonly id: string;
  readonly node: MapNode;
  readonly column: Column;
  readonly title: string;
  readonly subtitle: string;
  /** Stands for many nodes; opening it shows them. */
  readonly fold?: boolean;
  readonly ways: readonly Way[];
  readonly x: number;
  y: number;
}

export interface Line {
  readonly from: Shown;
  readonly to: Shown;
  readonly label: string;
  /** Place of the label among those of the same route: 0 in the middle. */
  readonly slot: number;
  readonly mirror: boolean;
  readonly undecided: boolean;
  readonly ways: readonly Way[];
}

export interface Picture {
  readonly shown: readonly Shown[];
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
}

export const NODE_HEIGHT = 42;
const ROW = 52;
const TOP = 44;
export const WIDTH: Readonly<Record<Column, number>> = {
  client: 76,
  entry: 172,
  listener: 122,
  host: 208,
  route: 212,
  service: 190,
};
const GAP = 34;
/** Room for the shares between routes and services. */
const LABELS = 66;

/** More routes than this are folded by host; more hosts than HOSTS by listener; more services than SERVICES at one fold. */
const ROUTES = 60;
const ROUTES_OF_HOST = 3;
const HOSTS = 14;
const SERVICES = 6;
const IDLE = 12;

const left = new Map<Column, number>();
let total = 16;
for (const column of COLUMNS) {
  left.set(column, total);
  total += WIDTH[column] + (column === 'route' ? LABELS : GAP);
}
export const columnLeft = (column: Column): number => left.get(column)!;

export interface View {
  /** Ways that a search left. */
  readonly ways: readonly Way[];
  readonly query: string;
  /** Ids of folds that were opened. */
  readonly open: ReadonlySet<string>;
  /** Nodes that no fold hides: those of the way that is shown. */
  readonly pinned: ReadonlySet<MapNode>;
}

export function pictureOf(graph: Graph, { ways, query, open, pinned }: View): Picture {
  const wanted = new Set(ways.flatMap((w) => w.nodes));
  const routes = [...wanted].filter((n) => n.column === 'route').length;
  const crowded = routes > ROUTES;
  const shown: Shown[] = [];
  const standsFor = new Map<MapNode, Shown>();
  let row = 0;

  const place = (
    node: MapNode,
    title = node.title,
    subtitle = node.subtitle,
    fold = false,
    of: readonly MapNode[] = [node],
  ): Shown => {
    const own =
      of.length === 1 && of[0] === node && !fold
        ? node.ways.filter((w) => wanted.has(w.nodes.at(-2)!))
        : of.flatMap((n) => n.ways);
    const made: Shown = {
      id: fold ? `fold ${of[0]!.parent?.id ?? of[0]!.id}` : node.id,
      node,
      column: of[0]!.column,
      title,
      subtitle,
      ways: own,
      x: columnLeft(of[0]!.column),
      y: 0,
      ...(fold ? { fold } : {}),
    };
    for (const n of of) standsFor.set(n, made);
    shown.push(made);
    return made;
  };

  const leaf = (made: Shown): number => {
    made.y = row;
    row += ROW;
    return made.y;
  };

  /** Children that stand for themselves, and those that one fold stands for. What is pinned stays out of folds. */
  const foldOf = (
    children: readonly MapNode[],
    id: string,
  ): { apart: readonly MapNode[]; rest: readonly MapNode[] } => {
    const { column } = children[0]!;
    const most = column === 'route' ? 0 : HOSTS;
    const few = children.length <= (column === 'route' ? ROUTES_OF_HOST : HOSTS + 1);
    if (!crowded || few || open.has(id) || (column !== 'route' && column !== 'host'))
      return { apart: children, rest: [] };
    const apart = children.filter((child, i) => i < most || pinned.has(child));
    return { apart, rest: children.filter((child, i) => i >= most && !pinned.has(child)) };
  };

  /** Places a node and what is to the right of it; gives its y. */
  const visit = (node: MapNode): number => {
    const children = node.children.filter((c) => wanted.has(c));
    if (children.length === 0) return leaf(place(node));
    const made = place(node);
    const ys: number[] = [];
    const { apart, rest } = foldOf(children, `fold ${node.id}`);
    for (const child of apart) ys.push(visit(child));
    if (rest.length > 0) {
      const more = apart.length > 0 ? 'more ' : '';
      const fold = place(node, counted(rest.length, `${more}${rest[0]!.column}`), 'open, or search', true, rest);
      for (const n of rest) for (const route of n.children) standsFor.set(route, fold);
      ys.push(leaf(fold));
    }
    if (node.column === 'entry') row += 14;
    made.y = (ys[0]! + ys.at(-1)!) / 2;
    return made.y;
  };
  if (ways.length > 0) visit(graph.client);
  else leaf(place(graph.client));

  // Services in the order of what leads to them, each as near to it as there is room.
  const into = new Map<MapNode, number[]>();
  for (const way of ways) {
    const from = standsFor.get(way.nodes.at(-2)!);
    const target = way.nodes.at(-1)!;
    if (from) into.set(target, [...(into.get(target) ?? []), from.y]);
  }
  const foldsInto = servicesOfFolds(ways, standsFor, into);
  const words = query.split(/\s+/).filter((w) => w !== '');
  const idle = graph.services.filter(
    (s) => s.idle && words.every((w) => `${s.title} ${s.service!.host}`.toLowerCase().includes(w)),
  );
  const mean = (ys: readonly number[]) => ys.reduce((a, b) => a + b, 0) / ys.length;
  const targets = [...into].map(([node, ys]) => ({ node, y: mean(ys) })).filter(({ node }) => !foldsInto.has(node));
  const groups = [...new Set(foldsInto.values())];
  const wishes = [
    ...targets.map(({ node, y }) => ({ y, make: () => place(node) })),
    ...groups.map((group) => ({
      y: mean(group.ys),
      make: () =>
        place(group.nodes[0]!, counted(group.nodes.length, 'service'), 'open the routes, or search', true, group.nodes),
    })),
  ].sort((a, b) => a.y - b.y);
  let next = 0;
  const placed = wishes.map(({ y, make }) => {
    const made = make();
    made.y = Math.max(y, next);
    next = made.y + ROW;
    return made;
  });
  // Pulled up where the last ones hang below the routes.
  for (let i = placed.length - 1, floor = Math.max(row - ROW, (placed.length - 1) * ROW); i >= 0; i--, floor -= ROW)
    placed[i]!.y = Math.min(placed[i]!.y, Math.max(floor, i * ROW));
  let below = greatest(
    placed.map((p) => p.y + ROW),
    0,
  );
  if (idle.length > 0) below += 14;
  const folded = idle.length > IDLE && !open.has(`fold ${idle[0]!.id}`);
  for (const node of folded ? [] : idle) {
    place(node).y = below;
    below += ROW;
  }
  if (folded) {
    place(idle[0]!, counted(idle.length, 'service'), 'no way from outside', true, idle).y = below;
    below += ROW;
  }
  for (const s of shown) s.y += TOP;
  return {
    shown,
    lines: linesOf(ways, standsFor),
    width: total - GAP + 16,
    height: TOP + Math.max(row, below) + 8,
  };
}

interface ServiceGroup {
  readonly nodes: MapNode[];
  readonly ys: number[];
}

/** Services to which only folded routes lead stand together where one fold leads to many of them. */
function servicesOfFolds(
  ways: readonly Way[],
  standsFor: ReadonlyMap<MapNode, Shown>,
  into: ReadonlyMap<MapNode, readonly number[]>,
): Map<MapNode, ServiceGroup> {
  const from = new Map<MapNode, Set<Shown>>();
  for (const { nodes } of ways) {
    const source = standsFor.get(nodes.at(-2)!);
    const target = nodes.at(-1)!;
    if (source) from.set(target, (from.get(target) ?? new Set()).add(source));
  }
  const groups = new Map<Shown, ServiceGroup>();
  for (const [service, sources] of from) {
    const [only] = sources;
    if (sources.size !== 1 || !only?.fold) continue;
    const group = groups.get(only) ?? { nodes: [], ys: [] };
    groups.set(only, group);
    group.nodes.push(service);
    append(group.ys, into.get(service) ?? []);
  }
  const out = new Map<MapNode, ServiceGroup>();
  for (const group of groups.values())
    if (group.nodes.length > SERVICES) for (const node of group.nodes) out.set(node, group);
  return out;
}

function linesOf(ways: readonly Way[], standsFor: ReadonlyMap<MapNode, Shown>): Line[] {
  const lines = new Map<string, { from: Shown; to: Shown; ways: Way[] }>();
  for (const way of ways) {
    const path = way.nodes.flatMap((n) => standsFor.get(n) ?? []);
    for (const [i, from] of path.entries()) {
      const to = path[i + 1];
      if (!to || to === from) continue;
      const key = `${from.id}\n${to.id}`;
      const known = lines.get(key);
      if (known) known.ways.push(way);
      else lines.set(key, { from, to, ways: [way] });
    }
  }
  const labels = new Map<Shown, string[]>();
  const labelled = [...lines.values()]
    .sort((a, b) => a.to.y - b.to.y)
    .map((line) => {
      const label = line.to.column === 'service' && !line.from.fold ? shareText(line.ways) : '';
      if (label !== '') labels.set(line.from, [...(labels.get(line.from) ?? []), line.to.id]);
      return { ...line, label };
    });
  return labelled.map(({ from, to, ways: own, label }) => {
    const siblings = labels.get(from) ?? [];
    return {
      from,
      to,
      ways: own,
      label,
      slot: label === '' ? 0 : siblings.indexOf(to.id) - (siblings.length - 1) / 2,
      mirror: to.column === 'service' && own.every((w) => w.way.mirror === true),
      undecided: own.every((w) => w.way.reach === 'undecided'),
    };
  });
}

/** `30 %`, `90/10 %` for versions of one service, `copy 5 %`; empty where everything goes there. */
function shareText(ways: readonly Way[]): string {
  const whole = ways.filter((w) => !w.way.mirror);
  const weights = [
    ...new Map(
      whole.map(({ way }) => [`${way.destination.port}/${way.destination.subset ?? ''}`, way.weight]),
    ).values(),
  ];
  if (weights.length > 0) return weights.every((w) => w >= 100) ? '' : `${weights.slice(0, 3).join('/')} %`;
  return ways[0] ? `copy ${ways[0].way.weight} %` : '';
}
