// What a decision sends on: the client's request with the changes of the gateway and of its route.

import type { EngineRules, Forwarded } from '../simulate/index.js';
import { markRequest } from './gateway-headers.js';
import { applyEdits, isFieldValue } from './header-list.js';
import type { OutgoingRequest, RequestHead } from './message.js';
import type { Arrival } from './runtime.js';
import { targetToWire, toWire } from './wire-text.js';

export function outgoingRequest(
  { upstream }: Forwarded,
  head: RequestHead,
  arrival: Arrival,
  engine: EngineRules,
): OutgoingRequest {
  const headers = head.headers.slice();
  const { source, port } = arrival;
  markRequest(headers, engine, { source, port, scheme: upstream.proto, authority: head.authority });
  applyEdits(headers, upstream.headers);
  return {
    method: upstream.method,
    path: targetToWire(upstream.path),
    authority: hostToWire(upstream.host, head.authority),
    scheme: upstream.proto,
    headers,
    body: head.body,
    upgrade: head.upgrade,
  };
}

/** A rewritten host with a line break in it is not sent: the client's is. */
function hostToWire(host: string, fallback: string): string {
  const wire = toWire(host);
  return isFieldValue(wire) ? wire : fallback;
}
