// The map: a tree of buttons from the entries on the left to the services on the right. Lines are drawn in the gaps between the columns
// (page.css), so that none of them can cross a text; on a narrow screen the columns stand below each other.

import { counted } from '../model/index.js';
import { breakable, h } from './element.js';
import type { Folds } from './folds.js';
import { bySeverity, findingsBelow, type Item, LEVELS, type Level, portsOf, shareText, type Way } from './tree.js';

export interface Lit {
  /** Ways that are marked. */
  readonly ways: ReadonlySet<Way>;
  /** How far a request came that no way leads along. */
  readonly items: ReadonlySet<Item>;
}

export interface MapView {
  readonly entries: readonly Item[];
  readonly shown: ReadonlySet<Item>;
  readonly folds: Folds;
  readonly lit: Lit | undefined;
  readonly selected: Item | undefined;
  /** Lists that the reader wanted whole, by the id of what they stand in. */
  readonly whole: ReadonlySet<string>;
  /** Items that no cut of a long list hides, with what they stand in. */
  readonly pinned: ReadonlySet<Item>;
  /** Stands below a route where there are few of them: its lines of source. */
  readonly below?: ((route: Item) => HTMLElement) | undefined;
}

export interface MapHands {
  choose(item: Item): void;
  toggle(item: Item): void;
  showAll(item: Item): void;
}

/** Children of one item that are shown without being asked for. */
const MOST = 60;

export function drawMap(view: MapView, hands: MapHands): HTMLElement {
  return h(
    'div',
    { class: 'map', role: 'tree', 'aria-label': 'ways in, from the entries to the services' },
    childrenOf(view.entries, view).map((entry) => entryOf(entry, view, hands)),
  );
}

const childrenOf = (items: readonly Item[], { shown }: MapView): readonly Item[] => items.filter((i) => shown.has(i));

function entryOf(entry: Item, view: MapView, hands: MapHands): HTMLElement {
  return h(
    'section',
    { class: 'entry' },
    node(entry, view, hands, [...portsOf(entry.ways).keys()].length > 4 ? [] : chips(entry.ways, 4)),
    view.folds.isOpen(entry) &&
      h(
        'div',
        { class: 'spaces', role: 'group' },
        someOf(entry, view, hands).map((child) => ('level' in child ? namespaceOf(child, view, hands) : child)),
      ),
  );
}

function namespaceOf(space: Item, view: MapView, hands: MapHands): HTMLElement {
  return h(
    'div',
    { class: 'space' },
    node(space, view, hands, []),
    view.folds.isOpen(space) &&
      h(
        'div',
        { class: 'hosts', role: 'group' },
        someOf(space, view, hands).map((child) => ('level' in child ? hostOf(child, view, hands) : child)),
      ),
  );
}

function hostOf(host: Item, view: MapView, hands: MapHands): HTMLElement {
  const open = view.folds.isOpen(host);
  return h(
    'div',
    { class: open ? 'host-row open' : 'host-row' },
    h(
      'div',
      { class: 'host-cell' },
      node(host, view, hands, host.title.includes(' ') ? secrets(host.ways) : chips(host.ways, 3)),
    ),
    open &&
      h(
        'div',
        { class: 'routes', role: 'group' },
        someOf(host, view, hands).map((child) => ('level' in child ? routeOf(child, host, view, hands) : child)),
      ),
  );
}

function routeOf(route: Item, host: Item, view: MapView, hands: MapHands): HTMLElement {
  const services = childrenOf(route.children, view);
  // A route of some of its host's ports only says which.
  const own = [...portsOf(route.ways).keys()];
  const partly = own.length < portsOf(host.ways).size;
  return h(
    'div',
    { class: `route-row${isLit(route, view) ? ' lit' : ''}` },
    h(
      'div',
      { class: 'pair' },
      h('div', { class: 'route-cell' }, node(route, view, hands, partly ? chips(route.ways, 3) : [])),
      h(
        'div',
        { class: 'services', role: 'group' },
        services.map((service) => {
          const copy = service.ways.every((w) => w.way.mirror === true);
          const undecided = service.ways.every((w) => w.way.reach === 'undecided');
          const kind = `${copy ? ' copy' : ''}${undecided ? ' undecided' : ''}${isLit(service, view) ? ' lit' : ''}`;
          const share = shareText(service.ways);
          return h(
            'div',
            { class: `service-cell${kind}` },
            node(service, view, hands, share === '' ? [] : [h('span', { class: 'share' }, share)]),
          );
        }),
      ),
    ),
    view.below?.(route),
  );
}

/** Its children, and a button for those that are too many. */
function someOf(item: Item, view: MapView, hands: MapHands): readonly (Item | HTMLElement)[] {
  const children = childrenOf(item.children, view);
  if (children.length <= MOST || view.whole.has(item.id)) return children;
  const some = children.filter((child, i) => i < MOST || view.pinned.has(child));
  const rest = children.length - some.length;
  if (rest === 0) return children;
  return [
    ...some,
    h(
      'button',
      {
        type: 'button',
        class: 'more node',
        'data-id': `${item.id} more`,
        tabindex: -1,
        click: () => hands.showAll(item),
      },
      `show ${counted(rest, `more ${children[0]!.level}`)}`,
    ),
  ];
}

const isLit = (item: Item, { lit }: MapView): boolean =>
  lit !== undefined && (lit.items.has(item) || item.ways.some((w) => lit.ways.has(w)));

function node(item: Item, view: MapView, hands: MapHands, marks: readonly HTMLElement[]): HTMLElement {
  const folds = item.level !== 'route' && item.level !== 'service';
  const open = folds && view.folds.isOpen(item);
  const selected = view.selected === item;
  const findings = [...(open || !folds ? item.findings : findingsBelow(item))];
  const worst = bySeverity(findings)[0]?.severity;
  const summary = summaryOf(item, view, open);
  const said = [
    item.level,
    item.title,
    item.subtitle,
    summary,
    findings.length > 0 ? counted(findings.length, 'finding') : '',
  ]
    .filter((t) => t !== '')
    .join(', ');
  return h(
    'div',
    {
      class: ['node', item.level, selected && 'selected', isLit(item, view) && 'lit', folds && !open && 'closed']
        .filter(Boolean)
        .join(' '),
      role: 'treeitem',
      tabindex: -1,
      'data-id': item.id,
      'aria-level': LEVELS.indexOf(item.level) + 1,
      'aria-label': said,
      'aria-selected': selected ? 'true' : 'false',
      'aria-expanded': folds ? (open ? 'true' : 'false') : undefined,
      title: `${item.title}${item.subtitle ? `\n${item.subtitle}` : ''}`,
      click: () => hands.choose(item),
    },
    folds &&
      h(
        'span',
        {
          class: 'fold',
          'aria-hidden': 'true',
          click: (event: MouseEvent) => {
            event.stopPropagation();
            hands.toggle(item);
          },
        },
        open ? '▾' : '▸',
      ),
    h(
      'span',
      { class: 'text' },
      h('span', { class: 'title' }, breakable(item.title)),
      item.subtitle !== '' && h('span', { class: 'subtitle' }, breakable(item.subtitle)),
    ),
    summary !== '' && h('span', { class: 'summary' }, summary),
    marks.length > 0 && h('span', { class: 'marks' }, marks),
    worst && h('span', { class: `dot ${worst}`, title: counted(findings.length, 'finding') }, String(findings.length)),
  );
}

/** What a closed item holds; of an entry always. */
function summaryOf(item: Item, view: MapView, open: boolean): string {
  if (item.level === 'route' || item.level === 'service' || (open && item.level !== 'entry')) return '';
  const hosts = below(item, 'host', view);
  const routes = below(item, 'route', view);
  const services = new Set(routes.flatMap((r) => childrenOf(r.children, view).map((s) => s.service)));
  const texts = [counted(routes.length, 'route'), counted(services.size, 'service')];
  const names = hosts.filter((i) => i.ways[0]!.way.hosts.length > 0);
  if (item.level === 'entry' && names.length > 0) texts.unshift(counted(names.length, 'host'));
  if (item.level === 'namespace')
    texts.unshift(
      `${hosts
        .slice(0, NAMES)
        .map((i) => i.title)
        .join(', ')}${hosts.length > NAMES ? ` and ${hosts.length - NAMES} more` : ''}`,
    );
  return texts.join(' · ');
}

/** Hosts that a closed namespace names. */
const NAMES = 2;

function below(item: Item, level: Level, view: MapView): readonly Item[] {
  if (item.level === level) return [item];
  return childrenOf(item.children, view).flatMap((child) => below(child, level, view));
}

function chips(ways: readonly Way[], most: number): HTMLElement[] {
  const ports = [...portsOf(ways)];
  return [
    ...ports
      .slice(0, most)
      .map(([port, secret]) =>
        h('span', { class: secret ? 'port tls' : 'port', title: secret ? `${port}, TLS with ${secret}` : port }, port),
      ),
    ...(ports.length > most ? [h('span', { class: 'port' }, `+${ports.length - most}`)] : []),
  ];
}

/** Of an item whose title is its port: nothing but its TLS. */
const secrets = (ways: readonly Way[]): HTMLElement[] =>
  [...portsOf(ways).values()].filter((s) => s !== '').map((s) => h('span', { class: 'port tls' }, s));
