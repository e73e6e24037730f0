// What is known about a node: its lines of source, its findings, its ways. Without a node: all services.

import { type Advice, counted, formatUrl, type MatchedOrigin, own, type ServiceWays } from '../model/index.js';
import type { PageData, PageFinding } from '../report/html/page-data.js';
import { APPROACH, wayName } from '../report/ways-in-words.js';
import { h } from './element.js';
import type { Graph, MapNode, Way } from './graph.js';
import { cut, portText } from './words.js';

export interface DetailHands {
  test(way: Way): void;
  show(node: MapNode): void;
  close(): void;
}

/** Most entries of one list; a search shows the others. */
const MOST = 60;

export function detailsOf(node: MapNode | undefined, graph: Graph, data: PageData, hands: DetailHands): HTMLElement {
  const card = (label: string, ...children: (Node | undefined | readonly Node[])[]) =>
    h('section', { class: 'card details', 'aria-label': label }, children.flat());
  if (!node) return card('services', h('h2', {}, counted(graph.services.length, 'service')), overview(graph, hands));
  const { service } = node;
  return card(
    'details',
    h(
      'div',
      { class: 'head' },
      h(
        'div',
        {},
        h('p', { class: 'kicker' }, node.column),
        h('h2', {}, node.title),
        h('p', { class: 'muted' }, node.subtitle),
      ),
      h('button', { type: 'button', class: 'quiet', 'aria-label': 'close', click: () => hands.close() }, '✕'),
    ),
    service?.advice ? adviceOf(service.advice) : undefined,
    node.places.slice(0, 6).map((place) => sourceOf(place, data)),
    findingsOf(node.findings),
    waysOf(node, hands),
    service ? deadOf(service) : undefined,
  );
}

function overview(graph: Graph, hands: DetailHands): HTMLElement {
  const items = graph.services.slice(0, MOST).map((node) => {
    const { service, ways } = node;
    const kinds = [...new Set(ways.map((w) => wayName(w.way)))].join(', ');
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', class: 'item', click: () => hands.show(node) },
        h('strong', {}, node.title),
        h('span', { class: 'muted' }, ways.length > 0 ? kinds : 'no way from outside'),
        service?.advice ? h('span', { class: 'chip' }, APPROACH[service.advice.approach]) : undefined,
      ),
    );
  });
  return h(
    'ul',
    { class: 'list' },
    items,
    graph.services.length > MOST &&
      h('li', { class: 'muted' }, `and ${graph.services.length - MOST} more: search for them`),
  );
}

function sourceOf(place: MatchedOrigin, { excerpts }: PageData): HTMLElement {
  const text = own(excerpts, `${place.file}:${place.line}`);
  return h(
    'figure',
    { class: 'source' },
    h(
      'figcaption',
      {},
      h('span', {}, `${place.resource}${place.path ? ` · ${place.path}` : ''}`),
      h('code', {}, `${place.file}:${place.line}`),
    ),
    text !== undefined && h('pre', {}, numbered(text, place.line)),
  );
}

function numbered(text: string, first: number): DocumentFragment {
  const out = document.createDocumentFragment();
  for (const [i, line] of text.split('\n').entries())
    out.append(h('span', { class: 'number' }, String(first + i).padStart(4)), ` ${line}\n`);
  return out;
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

function findingsOf(findings: readonly PageFinding[]): HTMLElement | undefined {
  if (findings.length === 0) return undefined;
  const sorted = [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  return h(
    'ul',
    { class: 'findings', 'aria-label': 'findings' },
    sorted
      .slice(0, MOST)
      .map((f) =>
        h(
          'li',
          { class: f.severity },
          h('strong', {}, f.code),
          ` ${f.message} `,
          h('code', {}, `${f.at.file}:${f.at.line}`),
        ),
      ),
  );
}

function waysOf(node: MapNode, hands: DetailHands): HTMLElement | undefined {
  const { ways } = node;
  if (ways.length === 0) return node.idle ? h('p', { class: 'muted' }, 'Not reachable from outside.') : undefined;
  return h(
    'div',
    {},
    h('h3', {}, counted(ways.length, 'way')),
    h(
      'ul',
      { class: 'list ways' },
      ways.slice(0, MOST).map((w) => h('li', {}, wayOf(w, hands))),
    ),
    ways.length > MOST && h('p', { class: 'muted' }, `and ${ways.length - MOST} more: search for them`),
  );
}

function wayOf(known: Way, hands: DetailHands): HTMLElement {
  const { way, service } = known;
  const facts = [
    ...way.conditions.map((c) => `if ${c}`),
    ...(way.sources ? [`from ${way.sources.join(', ')}`] : []),
    ...way.policies,
    ...(way.unknown ?? []).map((u) => `not predicted: ${u.message} (${u.origin.resource})`),
    ...way.changes,
    ...(way.reason ? [`not shown: ${way.reason}`] : []),
  ];
  const share = way.mirror ? `mirror of ${way.weight} %` : way.weight < 100 ? `${way.weight} %` : '';
  return h(
    'div',
    { class: 'way' },
    h(
      'div',
      {},
      h('strong', {}, `${wayName(way)} · ${portText(way)}`),
      ` ${cut(way.hosts.join(', ') || (way.sni ?? []).join(', '), 60)} ${way.path ?? ''}`,
    ),
    h(
      'div',
      { class: 'muted' },
      `→ ${service.name}:${way.destination.port}${way.destination.subset ? ` ${way.destination.subset}` : ''} ${share}`,
    ),
    facts.length > 0 &&
      h(
        'ul',
        { class: 'facts' },
        facts.map((f) => h('li', {}, f)),
      ),
    way.request &&
      h(
        'button',
        { type: 'button', class: 'try', click: () => hands.test(known) },
        h('span', {}, 'try'),
        h('code', {}, `${way.request.method} ${cut(formatUrl(way.request), 54)}`),
      ),
  );
}

function deadOf({ dead }: ServiceWays): HTMLElement | undefined {
  if (dead.length === 0) return undefined;
  return h(
    'div',
    {},
    h('h3', {}, 'Rules without effect for this service'),
    h(
      'ul',
      { class: 'findings' },
      dead
        .slice(0, MOST)
        .map((d) =>
          h(
            'li',
            { class: 'warning' },
            `${d.rule.resource} ${d.rule.path}: ${d.reason} `,
            h('code', {}, `${d.rule.file}:${d.rule.line}`),
          ),
        ),
    ),
  );
}

function adviceOf({ approach, verdict, needs, missing, moves }: Advice): HTMLElement {
  return h(
    'div',
    { class: 'advice' },
    h('p', {}, h('span', { class: 'chip' }, APPROACH[approach]), ` ${verdict}`),
    needs.length > 1 &&
      h(
        'p',
        { class: 'muted' },
        `needs ${needs
          .filter((n) => n.feature !== 'load-balancing')
          .map((n) => n.title)
          .join(', ')}`,
      ),
    missing.length > 0 &&
      h(
        'ul',
        { class: 'findings' },
        missing.map((m) => h('li', { class: 'warning' }, m)),
      ),
    moves.length > 0 &&
      h(
        'details',
        {},
        h('summary', {}, 'moving'),
        moves.map((m) =>
          h(
            'p',
            {},
            `${m.from} to ${m.to}: ${m.takes}`,
            m.command !== undefined && h('code', { class: 'block' }, m.command),
          ),
        ),
      ),
  );
}
