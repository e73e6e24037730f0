// What every mark of the page means, and its keys.

import { h } from './element.js';

const LEVELS = [
  ['entry', 'entry: what a client connects to'],
  ['namespace', 'namespace of the rules'],
  ['host', 'host, or a bare port'],
  ['route', 'route'],
  ['service', 'service'],
] as const;

const KEYS = [
  ['/', 'search; Enter there sends a URL or path to the tester'],
  ['↑ ↓ Home End', 'along the map'],
  ['→ ←', 'open, close, in and out'],
  ['Enter', 'details'],
  ['Esc', 'clear'],
] as const;

export function legend(): HTMLDetailsElement {
  const entry = (mark: HTMLElement, text: string) => h('li', {}, mark, h('span', {}, text));
  const line = (kind: string) => h('i', { class: `sample ${kind}` });
  return h(
    'details',
    { class: 'legend', id: 'legend' },
    h('summary', {}, 'Legend and keys'),
    h(
      'div',
      { class: 'sheet' },
      h(
        'ul',
        {},
        LEVELS.map(([level, text]) => entry(h('i', { class: `bar ${level}` }), text)),
        entry(h('span', { class: 'fold' }, '▸'), 'closed; ▾ open'),
        entry(h('span', { class: 'port' }, 'HTTP 80'), 'port'),
        entry(h('span', { class: 'port tls' }, 'HTTPS 443'), 'port with TLS; the Secret is in its tooltip'),
        entry(h('span', { class: 'share' }, '90 %'), 'share of the requests, of a version'),
        entry(line('plain'), 'a request shows that it arrives'),
        entry(line('undecided'), 'not shown by a request'),
        entry(line('copy'), 'copy of requests (mirror)'),
        entry(line('lit'), 'on the way of the selection or of the tested request'),
        (['error', 'warning', 'info'] as const).map((severity) =>
          entry(h('span', { class: `dot ${severity}` }, '2'), `findings, the worst: ${severity}`),
        ),
      ),
      h(
        'ul',
        { class: 'keys' },
        KEYS.map(([key, text]) => entry(h('kbd', {}, key), text)),
      ),
    ),
  );
}
