// The request tester: the simulator itself, on the gateways of the page.

import { formatUrl, type GatewayRequest, type SimulationResult, unsaidHost } from '../model/index.js';
import { requestFromUrl } from '../requests/from-url.js';
import { answerOf } from './answer.js';
import { ask } from './ask.js';
import { h } from './element.js';
import type { Revived } from './revive.js';

export interface Tested {
  readonly request: GatewayRequest;
  readonly result: SimulationResult;
}

/** A configuration that is asked; its name where there are several. */
export interface Side {
  readonly name?: string;
  readonly revived: Revived;
}

export interface Tester {
  readonly element: HTMLElement;
  /** Asks for a URL with the form's other fields as they are. */
  ask(url: string): void;
  /** Fills in a request and sends it. */
  load(request: GatewayRequest, claims?: Readonly<Record<string, unknown>>): void;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Sends each request to all sides; `onResult` gets the answer of the first one. */
export function testerOf(sides: readonly Side[], onResult: (tested: Tested | undefined) => void): Tester {
  const gateways = [...new Set(sides.flatMap(({ revived }) => revived.gateways.map((g) => g.id)))];
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
    gateways.map((id) => h('option', { value: id }, id)),
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
    const answers = await Promise.all(sides.map((side) => ask(side.revived, request, gateway.value, kept.claims)));
    output.replaceChildren();
    for (const [i, answered] of answers.entries())
      output.append(
        h('div', { class: 'side' }, labelOf(sides[i]!), answered ? answerOf(answered) : h('p', {}, 'no gateway')),
      );
    const [first] = answers;
    onResult(first && { request: { ...request, gateway: first.gateway }, result: first.result });
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

const labelOf = ({ name }: Side): HTMLElement | undefined =>
  name === undefined ? undefined : h('p', { class: 'kicker' }, name);
