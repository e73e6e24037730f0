// A request on the wire as a decision reads it. Headers become a record only when a rule asks for them.

import type { GatewayRequest } from '../model/index.js';
import type { RequestHead } from './message.js';
import { fromWire } from './wire-text.js';

export class RequestInput implements GatewayRequest {
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly source: string;
  readonly sni: string | null;
  private readonly head: RequestHead;
  private record: Record<string, string | string[]> | undefined;

  constructor(head: RequestHead, at: { port: number; tls: boolean; source: string; sni: string | null }) {
    this.head = head;
    this.port = at.port;
    this.scheme = at.tls ? 'https' : 'http';
    this.method = head.method;
    this.host = fromWire(head.authority);
    this.path = fromWire(head.target);
    this.source = at.source;
    this.sni = at.sni;
  }

  get headers(): Readonly<Record<string, string | readonly string[]>> {
    this.record ??= recordOf(this.head);
    return this.record;
  }
}

/** Rules see the two headers of an upgrade, which are of this hop otherwise. */
function recordOf({ headers, upgrade, connection }: RequestHead): Record<string, string | string[]> {
  // No prototype: a header may be called `__proto__`.
  const record: Record<string, string | string[]> = Object.create(null);
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = fromWire(headers[i + 1] as string);
    const known = record[name];
    if (known === undefined) record[name] = value;
    else if (typeof known === 'string') record[name] = [known, value];
    else known.push(value);
  }
  if (upgrade !== undefined) record.upgrade = fromWire(upgrade);
  if (connection !== undefined) record.connection = fromWire(connection);
  return record;
}
