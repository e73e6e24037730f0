// The page: a map on the left, a request tester and details on the right, one state for all.

import { counted } from '../model/index.js';
import type { PageData } from '../report/html/page-data.js';
import { detailsOf } from './details.js';
import { drawMap, type Lit } from './draw.js';
import { h } from './element.js';
import { graphOf, type MapNode, type Way } from './graph.js';
import { moveFocus } from './keys.js';
import { pictureOf, type Shown } from './layout.js';
import { revive } from './revive.js';
import { type Tested, testerOf } from './tester.js';

const data = JSON.parse(document.getElementById('data')!.textContent!) as PageData;
const graph = graphOf(data.ways, data.findings);

const state = {
  query: '',
  open: new Set<string>(),
  selected: undefined as MapNode | undefined,
  lit: undefined as Lit | undefined,
};

const mapBox = h('div', { id: 'map', class: 'map-box' });
const sideBox = h('div', { id: 'details' });
const count = h('span', { class: 'muted', id: 'count', role: 'status' });
const search = h('input', {
  id: 'search',
  type: 'search',
  placeholder: 'host, path or service   /',
  'aria-label': 'search by host, path or service',
  spellcheck: 'false',
  input: () => {
    state.query = search.value.toLowerCase().trim();
    render();
  },
});
const tester = testerOf(revive(data), (tested) => {
  state.lit = tested && litBy(tested);
  state.selected = undefined;
  render();
  mapBox.querySelector('.node.route.lit, .node.listener.lit')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
});

document
  .getElementById('app')!
  .append(
    h('a', { class: 'skip', href: '#tester' }, 'to the request tester'),
    h(
      'header',
      {},
      h('h1', {}, h('b', {}, 'meshgw'), ' ways in'),
      h('div', { class: 'search' }, search, count),
      h(
        'p',
        { class: 'muted legend' },
        h('i', { class: 'key mirror' }),
        'copy',
        h('i', { class: 'key undecided' }),
        'not shown by a request',
        h('i', { class: 'key finding' }),
        'finding',
      ),
    ),
    h('main', {}, mapBox, h('aside', {}, tester.element, sideBox)),
  );

/** Most ways of a chosen node that are kept out of folds. */
const PINNED = 12;

function matching(): readonly Way[] {
  const words = state.query.split(/\s+/).filter((w) => w !== '');
  return words.length === 0 ? graph.ways : graph.ways.filter((w) => words.every((word) => w.text.includes(word)));
}

function render(): void {
  const ways = matching();
  const focused = document.activeElement?.getAttribute('data-id');
  const lit = state.selected ? { nodes: new Set([state.selected]), ways: new Set(state.selected.ways) } : state.lit;
  const pinned = new Set([...(lit?.ways ?? [])].slice(0, PINNED).flatMap((w) => w.nodes));
  const picture = pictureOf(graph, { ways, query: state.query, open: state.open, pinned });
  mapBox.replaceChildren(drawMap(picture, lit, state.selected?.id, { choose }));
  if (ways.length === 0)
    mapBox.append(
      h(
        'p',
        { class: 'muted empty' },
        graph.ways.length === 0 ? 'No way from outside leads to any service.' : 'Nothing matches the search.',
      ),
    );
  count.textContent =
    state.query === '' ? counted(graph.ways.length, 'way') : `${ways.length} of ${counted(graph.ways.length, 'way')}`;
  sideBox.replaceChildren(
    detailsOf(state.selected, graph, data, {
      test: (way) => tester.load(way.way.request!, way.way.claims),
      show: (node) => {
        state.selected = node;
        render();
      },
      close: () => {
        state.selected = undefined;
        render();
      },
    }),
  );
  if (focused) mapBox.querySelector<SVGElement>(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function choose(shown: Shown): void {
  if (shown.fold) state.open.add(shown.id);
  else {
    state.selected = state.selected?.id === shown.id ? undefined : shown.node;
    state.lit = undefined;
  }
  render();
}

/** The ways that a tested request took, else as far as it came. */
function litBy({ request, result }: Tested): Lit {
  const { matched, destination, split } = result;
  const port = graph.ways.filter(({ way }) => way.gateway === request.gateway && way.port === request.port);
  const rule = port.filter(
    ({ way }) =>
      matched &&
      way.rule.file === matched.file &&
      way.rule.line === matched.line &&
      way.rule.column === matched.column &&
      (way.protocol === 'HTTPS') === (request.scheme === 'https' && !result.l4),
  );
  const goals = [destination, ...(split ?? [])].flatMap((d) =>
    d && 'host' in d ? [`${d.host}:${d.port}/${d.subset ?? ''}`] : [],
  );
  const host = request.host.replace(/:\d+$/, '').toLowerCase();
  const named = rule.filter(({ way }) => way.hosts.includes(host));
  const ways = (named.length > 0 ? named : rule).filter(({ way: { destination: d, mirror } }) =>
    mirror
      ? result.mirrors?.some((m) => m.destination.host === d.host)
      : goals.includes(`${d.host}:${d.port}/${d.subset ?? ''}`),
  );
  if (ways.length > 0) return { nodes: new Set(ways.flatMap((w) => w.nodes)), ways: new Set(ways) };
  const end =
    rule[0]?.nodes.slice(0, -1) ??
    port[0]?.nodes.filter((n) => n.column !== 'host' && n.column !== 'route' && n.column !== 'service') ??
    [];
  return { nodes: new Set(end), ways: new Set() };
}

document.addEventListener('keydown', (event) => {
  const target = event.target as Element;
  const typing = target.matches('input, textarea, select');
  if (event.key === '/' && !typing) {
    event.preventDefault();
    search.focus();
  } else if (event.key === 'Escape') {
    if (target === search && search.value !== '') search.value = state.query = '';
    else {
      state.selected = undefined;
      state.lit = undefined;
    }
    render();
  } else if (target.matches('.node')) moveFocus(event, target as SVGGElement, mapBox);
});

render();
