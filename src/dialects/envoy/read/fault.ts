// Faults of a route (envoy.extensions.filters.http.fault.v3.HTTPFault).

import type { Fault, HeaderMatcher } from '../../../model/index.js';
import { headerMatcher } from './match-text.js';
import { field, list, type Node, originAt } from './node.js';
import { durationMs, number, percentOf, text } from './values.js';

export interface FaultRead {
  readonly fault?: Fault;
  /** Only requests with these headers meet it. */
  readonly headers: readonly HeaderMatcher[];
  /** Only requests to this cluster meet it. */
  readonly cluster?: string;
  readonly unread: readonly string[];
}

export function faultOf(node: Node): FaultRead {
  const unread: string[] = [];
  const [delay, abort] = [field(node, 'delay'), field(node, 'abort')];
  const ms = durationMs(delay, 'fixed_delay');
  const delayPercent = percentOf(field(delay, 'percentage'));
  const abortPercent = percentOf(field(abort, 'percentage'));
  if (field(delay, 'header_delay') || field(abort, 'header_abort'))
    unread.push('a fault that headers of the request ask for');
  const [http, grpc] = [number(abort, 'http_status'), number(abort, 'grpc_status')];
  const status = http ?? grpc;
  const fault: Fault = {
    ...(ms && delayPercent > 0 ? { delay: { ms, percent: delayPercent } } : {}),
    ...(status !== undefined && abortPercent > 0
      ? { abort: { status, percent: abortPercent, ...(http === undefined ? { grpc: true } : {}) } }
      : {}),
    origin: originAt(node),
  };
  const tests = list(node, 'headers').map(headerMatcher);
  const headers = tests.filter((h) => h !== undefined);
  if (headers.length < tests.length) unread.push('a test of headers of a fault');
  if (list(node, 'downstream_nodes').length > 0) unread.push('a fault for some clients of the mesh');
  const cluster = text(node, 'upstream_cluster');
  return {
    ...(fault.delay || fault.abort ? { fault } : {}),
    headers,
    ...(cluster ? { cluster } : {}),
    unread,
  };
}
