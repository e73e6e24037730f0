// What a gateway answers, as rows of words.

import type { SimulationResult, TraceStep } from '../model/index.js';
import { h } from './element.js';

export interface Answered {
  readonly result: SimulationResult;
  readonly trace: readonly TraceStep[];
  /** Of a token that was taken for given. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  readonly gateway?: string | undefined;
}

/** An answer, what it is made of, and its trace where there is one. */
export function answerOf({ result, trace, claims, gateway }: Answered): Node[] {
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
    ...(trace.length > 0 ? [stepsOf(trace)] : []),
  ];
}

const round = (n: number): number => Math.round(n * 100) / 100;
const lines = (map: Readonly<Record<string, string | readonly string[]>>): string =>
  Object.entries(map)
    .map(([name, value]) => `${name}: ${[value].flat().join(', ')}`)
    .join('\n');

const stepsOf = (trace: readonly TraceStep[]): HTMLElement =>
  h(
    'details',
    {},
    h('summary', {}, 'all steps'),
    h(
      'ol',
      { class: 'trace' },
      trace.map((t) => h('li', { class: t.outcome }, t.text)),
    ),
  );
