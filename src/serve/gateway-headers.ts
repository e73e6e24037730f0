// Which headers the gateway writes on its own, request and response, by engine.

import { randomUUID } from 'node:crypto';
import type { ChangingHeaders, EngineRules } from '../simulate/index.js';
import type { Clock } from './clock.js';
import { headerOf, removeHeader, setHeader } from './header-list.js';
import type { HeaderList } from './message.js';

export interface Arrival {
  /** Address of the client. */
  readonly source: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** As the client sent it. */
  readonly authority: string;
}

/** What the destination learns about the client. Changes `headers`. */
export function markRequest(headers: HeaderList, { wire }: EngineRules, arrival: Arrival): void {
  wire.markRequest(changing(headers), { ...arrival, newId: randomUUID });
}

const changing = (headers: HeaderList): ChangingHeaders => ({
  get: (name) => headerOf(headers, name),
  lines: (name) => headers.filter((_, i) => i % 2 === 1 && headers[i - 1] === name),
  set: (name, value) => setHeader(headers, name, value),
  add: (name, value) => headers.push(name, value),
  remove: (name) => removeHeader(headers, name),
});

/** `date` and `server` of an answer. A destination's date stays. */
export function markAnswer(headers: HeaderList, { wire }: EngineRules, clock: Clock): void {
  if (headerOf(headers, 'date') === undefined) headers.push('date', clock.httpDate);
  if (!wire.server) return;
  const { name, replace } = wire.server;
  if (replace) setHeader(headers, 'server', name);
  else if (headerOf(headers, 'server') === undefined) headers.push('server', name);
}
