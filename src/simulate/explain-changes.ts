// The changes of a trace: what happened to the request, what will happen to the response, how delivery is set.

import { type Delivery, type GatewayRequest, portText, type TraceStep } from '../model/index.js';
import type { Answer, Forwarded, HeaderEdit } from './decision.js';
import type { RequestView } from './request-view.js';

export function describeChanges(decision: Answer | Forwarded, request: GatewayRequest, view: RequestView): TraceStep[] {
  const steps: TraceStep[] = [];
  const change = (text: string) => steps.push({ step: 'change', outcome: 'applied', text });
  if (decision.delayMs) change(`fault injection delays the request by ${decision.delayMs} ms`);
  if (decision.kind === 'forward') {
    const { upstream } = decision;
    if (upstream.path !== view.forward) change(`path ${view.forward} → ${upstream.path}`);
    if (upstream.host !== request.host) change(`host ${request.host} → ${upstream.host}`);
    for (const edit of upstream.headers) change(`request header ${describeEdit(edit)}`);
    for (const copy of decision.mirrors) change(`mirrored to ${copy.destination.host}:${portText(copy.destination)}`);
  }
  for (const edit of decision.responseHeaders) change(`response header ${describeEdit(edit)}`);
  const { action, conditions } = decision.route ?? {};
  if (action?.kind === 'forward' && action.delivery)
    for (const text of describeDelivery(action.delivery)) steps.push({ step: 'change', outcome: 'info', text });
  for (const condition of conditions ?? []) steps.push({ step: 'policy', outcome: 'info', text: condition.summary });
  if (decision.split) {
    const outcomes = decision.split.map(
      (o) =>
        `${'host' in o ? `${o.host}:${portText(o)}${o.subset ? `/${o.subset}` : ''}` : o.status} ${round(o.weight)} %`,
    );
    steps.push({ step: 'destination', outcome: 'info', text: `random choice: ${outcomes.join(', ')}` });
  }
  return steps;
}

const round = (percent: number): number => Math.round(percent * 100) / 100;

const describeEdit = ({ op, name, value }: HeaderEdit): string =>
  op === 'remove' ? `${name} removed` : op === 'set' ? `${name}: ${value}` : `${name}: ${value} added`;

function describeDelivery(delivery: Delivery): string[] {
  const lines: string[] = [];
  if (delivery.timeoutMs !== undefined)
    lines.push(`timeout ${delivery.timeoutMs === 0 ? 'none' : `${delivery.timeoutMs} ms`}`);
  if (delivery.idleTimeoutMs !== undefined) lines.push(`idle timeout ${delivery.idleTimeoutMs} ms`);
  if (delivery.connectTimeoutMs !== undefined) lines.push(`connect timeout ${delivery.connectTimeoutMs} ms`);
  if (delivery.retries) {
    const { attempts, on, perTryTimeoutMs } = delivery.retries;
    lines.push(
      `up to ${attempts} retries${on ? ` on ${on}` : ''}${perTryTimeoutMs ? `, ${perTryTimeoutMs} ms each` : ''}`,
    );
  }
  for (const { by, name, ttlMs } of delivery.hash ?? []) {
    // hash_policy.cc of Envoy; the value is made by chance.
    const made = by === 'cookie' && ttlMs !== undefined ? ', set for a client without it' : '';
    lines.push(`session affinity by ${by}${name ? ` ${name}` : ''}${made}`);
  }
  for (const [key, value] of Object.entries(delivery.other ?? {})) lines.push(`${key}: ${value}`);
  return lines;
}
