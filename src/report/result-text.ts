// One decision for a person: the answer first, then where it was decided, then what changed on the way.

import {
  append,
  formatUrl,
  type GatewayRequest,
  portText,
  type ResultDestination,
  type SimulationResult,
  type TraceStep,
  type UnknownInfluence,
  unsaidHost,
} from '../model/index.js';
import { type Style, statusColor } from './style.js';
import { visibleData } from './visible.js';

/** `GET https://shop.example.com/cart`, and the Host header where it is another. */
export function formatRequest(request: GatewayRequest): string {
  const host = unsaidHost(request);
  return `${request.method} ${formatUrl(request)}${host === undefined ? '' : `  Host: ${host}`}`;
}

export const formatDestination = (d: ResultDestination): string =>
  `${d.host}:${portText(d)}${d.subset ? ` subset ${d.subset}` : ''}`;

/** Several lines, each ending in a newline. */
export function renderResult(asked: GatewayRequest, answered: SimulationResult, style: Style): string {
  const [request, result] = visibleData([asked, answered] as const);
  const lines = [style.bold(formatRequest(request))];
  const headers = Object.entries(request.headers ?? {}).map(([k, v]) => `${k}: ${[v].flat().join(', ')}`);
  for (const header of headers) lines.push(style.dim(`    ${header}`));
  lines.push(`  ${verdict(result, style)}`);
  for (const [label, text] of details(result)) lines.push(`    ${style.dim(label.padEnd(10))}${text}`);
  if (result.trace) append(lines, ['', ...renderTrace(result.trace, style)]);
  return `${lines.join('\n')}\n`;
}

function verdict(result: SimulationResult, style: Style): string {
  if (result.connection === 'refused')
    return `${style.red('connection refused')}: ${result.reason ?? 'nothing listens on this port'}`;
  if (result.connection === 'closed')
    return `${style.red('connection closed')} without an answer${result.reason ? `: ${result.reason}` : ''}`;
  if (result.l4) {
    const how = result.l4 === 'tls' ? 'TLS passthrough' : 'bytes forwarded';
    return `${how} → ${style.green(result.destination ? formatDestination(result.destination) : 'nowhere')}`;
  }
  const status = statusColor(style, result.status ?? 0);
  if (result.destination) return `${status} → ${style.green(formatDestination(result.destination))}`;
  const location = result.headers?.location;
  if (location) return `${status} redirect to ${location}${result.reason ? `, by ${result.reason}` : ''}`;
  return `${status} ${result.reason ?? 'answered by the gateway'}`;
}

type Details = Generator<[label: string, text: string]>;

function* details(result: SimulationResult): Details {
  yield* placeDetails(result);
  yield* destinationDetails(result);
  yield* answerDetails(result);
  yield* doubtDetails(result);
}

/** Which gateway and rule decided. */
function* placeDetails(result: SimulationResult): Details {
  const { matched } = result;
  if (result.hint) yield ['hint', result.hint];
  if (result.gateway) yield ['gateway', result.gateway];
  if (matched) yield ['rule', `${matched.resource} ${matched.path}  (${matched.file}:${matched.line})`];
  if (result.route) yield ['route', result.route];
}

/** Where the request goes, and as what. */
function* destinationDetails(result: SimulationResult): Details {
  const { upstream } = result;
  if (result.split && result.split.length > 1)
    for (const s of result.split)
      yield ['split', `${round(s.weight)} % ${'host' in s ? formatDestination(s) : `status ${s.status}`}`];
  if (upstream) yield ['upstream', `${upstream.method} ${upstream.path}  host ${upstream.host}`];
  for (const [name, value] of Object.entries(upstream?.set ?? {}))
    yield ['  set', `${name}: ${[value].flat().join(', ')}`];
  for (const name of upstream?.removed ?? []) yield ['  removed', name];
  for (const m of result.mirrors ?? []) yield ['mirror', `${formatDestination(m.destination)}  ${m.method} ${m.path}`];
}

function* answerDetails(result: SimulationResult): Details {
  for (const [name, value] of Object.entries(result.headers ?? {})) yield ['answer', `${name}: ${value}`];
  if (result.body !== undefined && result.body !== '') yield ['body', JSON.stringify(result.body)];
  if (result.delayMs) yield ['delay', `${result.delayMs} ms`];
  if (result.flags) yield ['flags', result.flags];
}

/** What the answer depends on and is not known. */
function* doubtDetails(result: SimulationResult): Details {
  for (const condition of result.conditions ?? []) yield ['if', condition];
  const told = new Set(result.conditions);
  for (const unknown of result.unknown ?? []) if (!told.has(unknown.message)) yield ['unknown', unknownText(unknown)];
}

/** `not predicted: a Lua filter … (EnvoyFilter istio-system/lua, gw.yaml:12)`. */
export const unknownText = ({ message, origin }: UnknownInfluence): string =>
  `not predicted: ${message.replace(/[.:]\s*$/, '')} (${origin.resource}, ${origin.file}:${origin.line})`;

const round = (n: number) => Math.round(n * 100) / 100;

const MARK: Record<TraceStep['outcome'], string> = { chosen: '✓', applied: '~', rejected: '✗', info: '·' };

/** One line per step: `✗ route VirtualService default/a spec.http[0]: header x-user is absent, wanted exact "jason"`. */
function renderTrace(trace: readonly TraceStep[], style: Style): string[] {
  return trace.map((step) => {
    const color =
      step.outcome === 'chosen' ? style.green : step.outcome === 'rejected' ? style.dim : (text: string) => text;
    const p = step.predicate;
    const why = p ? `: ${p.on} expects ${p.expected}, the request has ${p.got ?? 'none'}` : '';
    const at = step.matched ? style.dim(`  (${step.matched.file}:${step.matched.line})`) : '';
    return `  ${color(`${MARK[step.outcome]} ${step.step.padEnd(12)} ${step.text}${why}`)}${at}`;
  });
}
