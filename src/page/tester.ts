// The request tester: the simulator itself, on the gateways of the page.

import { formatUrl, type GatewayRequest, type SimulationResult, type TraceStep, unsaidHost } from '../model/index.js';
import { requestFromUrl } from '../requests/from-url.js';
import { asReceived, compiledOf, explain, gatewayFor, hintFor, jwtRulesFor, toResult } from '../simulate/index.js';
import { verifyTokens } from '../tokens/index.js';
import { h } from './element.js';
import type { Revived } from './revive.js';

export interface Tested {
  readonly request: GatewayRequest;
  readonly result: SimulationResult;
}

export interface Tester {
  readonly element: HTMLElement;
  /** Asks for a URL with the form's other fields as they are. */
  ask(url: string): void;
  /** Fills in a request and sends it. */
  load(request: GatewayRequest, claims?: Readonly<Record<string, unknown>>): void;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export function testerOf({ gateways, locate }: Revived, onResult: (tested: Tested | undefined) => void): Tester {
  const url = h('input', {
    id: 'url',
    type: 'text',
    required: true,
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: 'http://shop.example.com/cart',
    'aria-label': 'URL of the request',
  });
  const method = h(
    'select',
    { id: 'method', 'aria-label': 'method' },
    METHODS.map((m) => h('option', {}, m)),
  );
  const gateway = h(
    'select',
    { id: 'gateway', 'aria-label': 'gateway' },
    h('option', { value: '' }, 'the one that knows the host'),
    gateways.map((g) => h('option', { value: g.id }, g.id)),
  );
  const headers = h('textarea', {
    id: 'headers',
    rows: 2,
    spellcheck: 'false',
    placeholder: 'x-user: jason',
    'aria-label': 'headers, one per line',
  });
  const source = h('input', { id: 'source', type: 'text', placeholder: '127.0.0.1', 'aria-label': 'client address' });
  const output = h('div', { id: 'result', role: 'status', 'aria-live': 'polite' });
  /** What a witness holds beside the fields: kept until the user writes something. */
  let kept: { readonly sni?: string | null; readonly claims?: Readonly<Record<string, unknown>> } = {};

  async function send(): Promise<void> {
    if (gateways.length === 0 || url.value.trim() === '') return;
    let request: GatewayRequest;
    try {
      request = {
        ...requestFromUrl(withScheme(url.value.trim()), {
          method: method.value,
          headers: headers.value.split('\n').filter((line) => line.trim() !== ''),
          ...(source.value.trim() === '' ? {} : { source: source.value.trim() }),
        }),
        ...(kept.sni === undefined ? {} : { sni: kept.sni }),
      };
    } catch (error) {
      output.replaceChildren(h('p', { class: 'problem' }, (error as Error).message));
      onResult(undefined);
      return;
    }
    const chosen = gateways.find((g) => g.id === gateway.value) ?? gatewayFor(request, gateways)!;
    request = { ...request, gateway: chosen.id };
    const ready = compiledOf(chosen);
    const now = Date.now();
    const rules = jwtRulesFor(ready, request);
    const token = kept.claims
      ? { claims: kept.claims }
      : rules.length > 0
        ? await verifyTokens(rules, asReceived(ready, request), now)
        : undefined;
    const { decision, trace } = explain(ready, request, { now, ...(token ? { token } : {}), locate });
    const answered = toResult(decision, request, { locate, trace, gateway: chosen, sessionCookies: true });
    const hint = hintFor(answered, request, chosen, { gateways });
    const result = hint === undefined ? answered : { ...answered, hint };
    output.replaceChildren();
    for (const part of resultOf(result, trace, kept.claims, chosen.id)) output.append(part);
    onResult({ request, result });
  }

  const form = h(
    'form',
    {
      id: 'tester',
      submit: (event: SubmitEvent) => {
        event.preventDefault();
        void send();
      },
      input: () => {
        kept = {};
      },
    },
    h('div', { class: 'row' }, method, url),
    h(
      'div',
      { class: 'row small' },
      h('label', {}, 'gateway ', gateway),
      h('button', { type: 'submit', class: 'primary' }, 'Send'),
    ),
    h(
      'details',
      {},
      h('summary', {}, 'headers and client address'),
      headers,
      h('label', { class: 'row small' }, 'client address ', source),
    ),
  );
  return {
    element: h(
      'details',
      { class: 'card tester', open: true, 'aria-label': 'request tester' },
      h('summary', {}, h('h2', {}, 'Where does a request go?')),
      form,
      output,
    ),
    ask(text) {
      url.value = text;
      void send();
    },
    load(request, claims) {
      url.value = formatUrl(request);
      if (!METHODS.includes(request.method)) method.append(h('option', {}, request.method));
      method.value = request.method;
      if (request.gateway !== undefined) gateway.value = request.gateway;
      const host = unsaidHost(request);
      headers.value = Object.entries({ ...(host === undefined ? {} : { host }), ...request.headers })
        .flatMap(([name, v]) => [v].flat().map((line) => `${name}: ${line}`))
        .join('\n');
      const details = form.querySelector('details');
      if (details) details.open = headers.value !== '' || request.source !== undefined;
      source.value = request.source ?? '';
      kept = {
        ...(request.sni === undefined ? {} : { sni: request.sni }),
        ...(claims ? { claims } : {}),
      };
      void send();
    },
  };
}

const withScheme = (url: string): string => (/^[a-z]+:\/\//i.test(url) ? url : `http://${url}`);

function resultOf(result: SimulationResult, trace: readonly TraceStep[], claims: unknown, gateway: string): Node[] {
  const {
    status,
    connection,
    l4,
    destination,
    upstream,
    split,
    mirrors,
    headers,
    reason,
    matched,
    conditions,
    unknown,
    hint,
    delayMs,
  } = result;
  const good = destination !== undefined && destination !== null;
  const to = destination
    ? `${destination.host}:${destination.port}${destination.subset ? ` (${destination.subset})` : ''}`
    : undefined;
  const rows: [string, string][] = [];
  const row = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') rows.push([name, value]);
  };
  row('gateway', gateway);
  row('why', reason);
  row('hint', hint?.replace(/: use --gateway .*$/, ''));
  row('receives', upstream ? `${upstream.method} ${upstream.path} for ${upstream.host}` : undefined);
  row('with', upstream?.set ? lines(upstream.set) : undefined);
  row('without', upstream?.removed?.join(', '));
  row(
    'shares',
    split
      ?.map(
        (o) =>
          `${round(o.weight)} % ${'host' in o ? `${o.host}:${o.port}${o.subset ? ` (${o.subset})` : ''}` : o.status}`,
      )
      .join('\n'),
  );
  row(
    'mirrors to',
    mirrors?.map((m) => `${m.destination.host}:${m.destination.port} as ${m.host}${m.path}`).join('\n'),
  );
  row('answers with', headers ? lines(headers) : undefined);
  row('after', delayMs ? `${delayMs} ms` : undefined);
  row('if', conditions?.join('\n'));
  row('not predicted', unknown?.map((u) => `${u.message} (${u.origin.resource})`).join('\n'));
  row('token claims', claims ? JSON.stringify(claims) : undefined);
  row('decided by', matched ? `${matched.resource} ${matched.path}\n${matched.file}:${matched.line}` : undefined);
  return [
    h(
      'div',
      { class: good ? 'answer good' : status !== undefined && status < 400 ? 'answer own' : 'answer bad' },
      h('strong', {}, l4 ? l4.toUpperCase() : connection ? connection : String(status)),
      h('span', {}, to ?? (connection ? 'no answer' : 'answered by the gateway')),
    ),
    h(
      'dl',
      {},
      rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
    ),
    h(
      'details',
      {},
      h('summary', {}, 'all steps'),
      h(
        'ol',
        { class: 'trace' },
        trace.map((t) => h('li', { class: t.outcome }, t.text)),
      ),
    ),
  ];
}

const round = (n: number): number => Math.round(n * 100) / 100;
const lines = (map: Readonly<Record<string, string | readonly string[]>>): string =>
  Object.entries(map)
    .map(([name, value]) => `${name}: ${[value].flat().join(', ')}`)
    .join('\n');
