// What is known about a node: its lines of source, its findings, its ways. Without a node: all services.

import {
  type Advice,
  counted,
  formatUrl,
  type MatchedOrigin,
  own,
  type ServiceWays,
  takesDatagrams,
} from '../model/index.js';
import type { PageData, PageFinding } from '../report/html/page-data.js';
import { APPROACH, wayName } from '../report/ways-in-words.js';
import { h } from './element.js';
import { aboutService, bySeverity, findingsBelow, type Item, type Way } from './tree.js';
import { cut, portText } from './words.js';

type WayOf = Pick<Way, 'way' | 'service'>;

export interface DetailHands {
  test(way: WayOf): void;
  show(service: ServiceWays): void;
  close(): void;
}

/** What the details are of: an item of the map, or a service that no way leads to. */
export type Subject = Item | ServiceWays;

/** Most entries of one list; a search shows the others. */
const MOST = 60;

export function detailsOf(subject: Subject, data: PageData, hands: DetailHands): HTMLElement {
  const item = 'level' in subject ? subject : undefined;
  const service = 'level' in subject ? subject.service : subject;
  const places = item?.places ?? (service?.origin ? [service.origin] : []);
  const ways = service ? service.ways.map((way): WayOf => ({ way, service })) : (item?.ways ?? []);
  return h(
    'section',
    { class: 'card details', 'aria-label': 'details' },
    h(
      'div',
      { class: 'head' },
      h(
        'div',
        {},
        h('p', { class: 'kicker' }, item?.level ?? 'service'),
        h('h2', {}, item?.title ?? service!.name),
        h('p', { class: 'muted' }, item?.subtitle ?? aboutService(service!)),
      ),
      h('button', { type: 'button', class: 'quiet', 'aria-label': 'close', click: () => hands.close() }, '✕'),
    ),
    service?.advice && adviceOf(service.advice),
    places.slice(0, 6).map((place) => sourceOf(place, data)),
    findingsOf(item ? [...findingsBelow(item)] : []),
    waysOf(ways, hands),
    service && deadOf(service),
  );
}

/** Services by name; `marked`: the one that is chosen. */
export function servicesOf(
  services: readonly ServiceWays[],
  all: number,
  marked: ServiceWays | undefined,
  hands: DetailHands,
): HTMLElement {
  const items = services.slice(0, MOST).map((service, i) => {
    const kinds = [...new Set(service.ways.map(wayName))].join(', ');
    return h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: service === marked ? 'item marked' : 'item',
          tabindex: (marked && services.includes(marked) ? service === marked : i === 0) ? 0 : -1,
          'data-service': service.host,
          click: () => hands.show(service),
        },
        h('strong', {}, service.name),
        h(
          'span',
          { class: 'muted' },
          kinds === ''
            ? service.ports.some(takesDatagrams)
              ? 'no way was found; datagrams not looked at'
              : 'no way from outside'
            : `${counted(service.ways.length, 'way')} · ${kinds}`,
        ),
        service.advice && h('span', { class: 'chip' }, APPROACH[service.advice.approach]),
      ),
    );
  });
  return h(
    'section',
    { class: 'card services-card', 'aria-label': 'services' },
    h('h2', {}, services.length === all ? counted(all, 'service') : `${services.length} of ${counted(all, 'service')}`),
    h(
      'ul',
      { class: 'list' },
      items,
      services.length > MOST && h('li', { class: 'muted' }, `and ${services.length - MOST} more: search for them`),
    ),
  );
}

export function sourceOf(place: MatchedOrigin, { excerpts }: Pick<PageData, 'excerpts'>): HTMLElement {
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

export function findingsOf(findings: readonly PageFinding[]): HTMLElement | undefined {
  if (findings.length === 0) return undefined;
  return h(
    'ul',
    { class: 'findings', 'aria-label': 'findings' },
    bySeverity(findings)
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

function waysOf(ways: readonly WayOf[], hands: DetailHands): HTMLElement {
  if (ways.length === 0) return h('p', { class: 'muted' }, 'Not reachable from outside.');
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

function wayOf(known: WayOf, hands: DetailHands): HTMLElement {
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
    way.request && tryOf(known, hands),
  );
}

/** The request that shows a way, to be sent. */
export const tryOf = (known: WayOf, hands: Pick<DetailHands, 'test'>): HTMLElement =>
  h(
    'button',
    { type: 'button', class: 'try', click: () => hands.test(known) },
    h('span', {}, 'try'),
    h('code', {}, `${known.way.request!.method} ${cut(formatUrl(known.way.request!), 54)}`),
  );

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
