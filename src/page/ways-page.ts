// The page of ways-in: a map, a request tester and details, one state for all.

import { counted, type ServiceWays } from '../model/index.js';
import type { PageData } from '../report/html/page-data.js';
import { detailsOf, findingsOf, servicesOf, sourceOf, tryOf } from './details.js';
import { h } from './element.js';
import { foldsOf } from './folds.js';
import { focusNode, listKey, searchKey, treeKey } from './keys.js';
import { legend } from './legend.js';
import { litBy } from './lit.js';
import { drawMap, type Lit } from './map.js';
import { revive } from './revive.js';
import { searchOf } from './search.js';
import { testerOf } from './tester.js';
import { type Item, lineageOf, treeOf, type Way } from './tree.js';

const data = JSON.parse(document.getElementById('data')!.textContent!) as PageData;
const tree = treeOf(data.ways, data.findings);
const revived = revive(data);
const finder = searchOf(tree, revived.gateways);

const state = {
  query: '',
  /** What the reader opened or closed, by id; begun anew with each search. */
  folds: new Map<string, boolean>(),
  whole: new Set<string>(),
  selected: undefined as Item | undefined,
  service: undefined as ServiceWays | undefined,
  tested: undefined as Lit | undefined,
};

/** So few routes that each shows its lines of source at once. */
const FEW = 3;
/** So many findings are listed without being asked for. */
const MANY_FINDINGS = 12;

const narrow = matchMedia('(max-width: 1000px)');
const mapBox = h('div', { class: 'map-box', id: 'map' });
const side = h('div', { id: 'details' });
const list = h('div', { id: 'services' });
const count = h('span', { class: 'muted', id: 'count', role: 'status' });
const search = h('input', {
  id: 'search',
  type: 'search',
  placeholder: 'search: host, path, service or URL   /',
  'aria-label': 'search by host, path, service or URL',
  spellcheck: 'false',
  autocomplete: 'off',
  input: () => {
    state.query = search.value.trim();
    state.folds.clear();
    render();
  },
});
const tester = testerOf([{ revived }], (tested) => {
  state.tested = tested && litBy(tested, tree.ways);
  state.selected = state.service = undefined;
  openTo(pinned());
  render();
  reveal('.service-cell.lit, .route-row.lit, .node.lit');
});
if (narrow.matches) tester.element.removeAttribute('open');

const legendBox = legend();
const findings = findingsOf(data.findings);
document
  .getElementById('app')!
  .append(
    h('a', { class: 'skip', href: '#map' }, 'to the map'),
    h(
      'header',
      {},
      h('h1', {}, h('b', {}, 'meshgw'), ' ways in'),
      h('div', { class: 'search' }, search, count),
      legendBox,
    ),
    h(
      'main',
      {},
      h(
        'div',
        { class: 'board' },
        mapBox,
        findings &&
          h(
            'details',
            { class: 'all-findings', open: data.findings.length <= MANY_FINDINGS },
            h('summary', {}, counted(data.findings.length, 'finding')),
            findings,
          ),
      ),
      h('aside', {}, tester.element, side, list),
    ),
  );

const hands = {
  choose(item: Item) {
    const same = state.selected === item;
    const closed = item.level !== 'route' && item.level !== 'service' && !folds().isOpen(item);
    if (closed) state.folds.set(item.id, true);
    if (same && !closed) select(undefined, undefined);
    else select(item, item.service);
  },
  toggle(item: Item, open = !folds().isOpen(item)) {
    state.folds.set(item.id, open);
    render();
  },
  showAll(item: Item) {
    state.whole.add(item.id);
    render();
  },
};

const sideHands = {
  test: ({ way }: Pick<Way, 'way'>) => tester.load(way.request!, way.claims),
  show(service: ServiceWays) {
    const found = finder.find(state.query).ways;
    const way = found.find((w) => w.service === service) ?? tree.ways.find((w) => w.service === service);
    if (way && !found.includes(way)) search.value = state.query = '';
    select(way?.items.at(-1), service);
    reveal('.node.selected');
  },
  close: () => select(undefined, undefined),
};

function select(item: Item | undefined, service: ServiceWays | undefined): void {
  state.selected = item;
  state.service = service;
  state.tested = undefined;
  openTo(pinned());
  render();
}

/** Opens what some items stand in. */
function openTo(items: readonly Item[]): void {
  for (const item of items) for (const above of lineageOf(item).slice(0, -1)) state.folds.set(above.id, true);
}

/** What is marked: the ways of what is selected (of a service all of them, wherever they are), else of the tested request. */
function lit(): Lit | undefined {
  const { selected, service, tested } = state;
  if (service) return { ways: new Set(tree.ways.filter((w) => w.service === service)), items: new Set() };
  return selected ? { ways: new Set(selected.ways), items: new Set([selected]) } : tested;
}

/** Most marked ways whose places are opened. */
const PINNED = 12;

function pinned(): readonly Item[] {
  const { selected, tested } = state;
  if (selected) return [selected];
  return tested ? [...tested.items, ...[...tested.ways].slice(0, PINNED).map((w) => w.items.at(-1)!)] : [];
}

const folds = () => foldsOf(tree, finder.find(state.query).ways, state.folds);

function render(): void {
  const found = finder.find(state.query);
  const focused = document.activeElement?.closest<HTMLElement>('[data-id]')?.dataset.id;
  const inList = document.activeElement?.closest<HTMLElement>('[data-service]')?.dataset.service;
  const shown = new Set(found.ways.flatMap((way) => way.items));
  const routes = [...shown].filter((item) => item.level === 'route').length;
  const kept = pinned();
  const few = routes <= FEW && state.query === '';
  mapBox.className = few ? 'map-box few' : 'map-box';
  mapBox.replaceChildren(
    drawMap(
      {
        entries: tree.entries,
        shown,
        folds: foldsOf(tree, found.ways, state.folds),
        pinned: new Set(kept.flatMap(lineageOf)),
        lit: lit(),
        selected: state.selected,
        whole: state.whole,
        below: few ? inFull : undefined,
      },
      hands,
    ),
  );
  if (found.ways.length === 0)
    mapBox.append(
      h(
        'p',
        { class: 'muted empty' },
        tree.ways.length === 0 ? 'No way from outside leads to any service.' : 'Nothing matches the search.',
      ),
    );
  const idle = found.services.filter((s) => s.ways.length === 0);
  if (idle.length > 0) mapBox.append(idleOf(idle));
  count.textContent =
    state.query === ''
      ? `${counted(tree.services.length, 'service')} · ${counted(tree.ways.length, 'way')}`
      : `${found.ways.length} of ${counted(tree.ways.length, 'way')}`;
  const subject = state.selected ?? state.service;
  list.replaceChildren(servicesOf(found.services, tree.services.length, state.service, sideHands));
  side.replaceChildren();
  if (subject) side.append(detailsOf(subject, data, sideHands));
  placeDetails();
  const nodes = [...mapBox.querySelectorAll<HTMLElement>('.node')];
  const tabbed = nodes.find((n) => n.dataset.id === (focused ?? state.selected?.id)) ?? nodes[0];
  if (tabbed) tabbed.tabIndex = 0;
  if (focused !== undefined && tabbed && tabbed.dataset.id === focused) focusNode(tabbed, nodes);
  if (inList !== undefined)
    list.querySelector<HTMLElement>(`[data-service="${CSS.escape(inList)}"]`)?.focus({ preventScroll: true });
}

/** On a narrow screen the details open below what was chosen. */
function placeDetails(): void {
  const at = narrow.matches ? mapBox.querySelector('.node.selected') : null;
  const row = at?.closest('.route-row');
  if (row) row.append(side);
  else if (at) (at.closest('.host-cell') ?? at).after(side);
  else document.querySelector('aside')!.insertBefore(side, list);
}
narrow.addEventListener('change', placeDetails);

function inFull(route: Item): HTMLElement {
  const shown = route.ways.find(({ way }) => way.request);
  return h(
    'div',
    { class: 'in-full' },
    h(
      'div',
      {},
      route.places.slice(0, 1).map((place) => sourceOf(place, data)),
      shown && tryOf(shown, sideHands),
    ),
    findingsOf(route.findings),
  );
}

function idleOf(services: readonly ServiceWays[]): HTMLElement {
  return h(
    'details',
    { class: 'idle', open: services.length <= 12 },
    h('summary', {}, `${counted(services.length, 'service')} without a way from outside`),
    h(
      'div',
      { class: 'idle-list' },
      services
        .slice(0, 200)
        .map((service) =>
          h('button', { type: 'button', class: 'quiet-item', click: () => sideHands.show(service) }, service.name),
        ),
    ),
  );
}

function reveal(selector: string): void {
  mapBox.querySelector(selector)?.scrollIntoView({ block: 'center' });
}

search.addEventListener('keydown', (event) => {
  const word = search.value.trim();
  if (event.key === 'ArrowDown') {
    event.preventDefault();
    mapBox.querySelector<HTMLElement>('.node[tabindex="0"]')?.focus();
  } else if (event.key === 'Enter' && /^[^\s/]+\.[^\s/]+\/|^https?:\/\//.test(word)) {
    tester.element.setAttribute('open', '');
    tester.ask(word);
  }
});

document.addEventListener('click', (event) => {
  if (!legendBox.contains(event.target as Node)) legendBox.open = false;
});

document.addEventListener('keydown', (event) => {
  const target = event.target as HTMLElement;
  if (searchKey(event, search)) return;
  if (event.key === 'Escape') {
    legendBox.open = false;
    if (target === search && search.value !== '') {
      search.value = state.query = '';
      state.folds.clear();
    }
    select(undefined, undefined);
  } else if (target.matches('.node'))
    treeKey(event, target, mapBox, {
      toggle: (id, open) => {
        const item = tree.items.get(id);
        if (item) hands.toggle(item, open);
      },
    });
  else if (target.matches('button.item')) listKey(event, target);
});

render();
