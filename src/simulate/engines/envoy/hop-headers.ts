// What `Connection` names belongs to the hop: Envoy takes it away as the request comes in, before anything sees it, and of `TE` keeps
// `trailers` only (Utility::sanitizeConnectionHeader in source/common/http/utility.cc, called by http1/codec_impl.cc;
// ConnectionManagerUtility::sanitizeTEHeader; asked of Envoy 1.40: fixtures/recorded/connection-headers).

import type { GatewayRequest } from '../../../model/index.js';
import type { HeaderEdit } from '../../decision.js';
import type { RequestView } from '../../request-view.js';
import type { Refusal } from '../engine-rules.js';
import { isUpgrade } from './upgrade.js';

/** So many names or more are refused. */
const MOST_NAMES = 10;
const LONGEST_TE = 256;
/** Say something about the connection, and name no header. */
const NO_NAMES = new Set(['close', 'http2-settings', 'keep-alive', 'upgrade', 'connection']);
/** Who takes these away could hide where a request comes from. */
const NEVER = new Set(['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']);
/** A request without it is refused, and Envoy does not say why. */
const HOST = 'host';

const namesIn = (lines: readonly string[]): string[] =>
  lines
    .join(',')
    .split(',')
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== '');

const isTrailers = (part: string): boolean => part.trim() === 'trailers';
const keepsTrailers = (lines: readonly string[]): boolean => lines.join(',').split(',').some(isTrailers);

/** A request whose `Connection` names what must stay, or too much. */
export function refuseConnection(request: GatewayRequest): Refusal | undefined {
  const headers = connectionHeaders(request);
  const lines = headers?.get('connection');
  if (!headers || !lines || isUpgrade((name) => headers.get(name) ?? [])) return undefined;
  const named = takenAway(lines.join(','), headers.get('te')?.join(',') ?? '');
  return 'status' in named ? named : undefined;
}

/** The names that `Connection` of a request that is no upgrade takes away, or why it is refused. `te`: the header, empty where there is none. */
export function takenAway(connection: string, te: string): Refusal | readonly string[] {
  const names = namesIn([connection]);
  const forbidden = names.find((name) => NEVER.has(name) || name.startsWith(':'));
  const wrong =
    names.length >= MOST_NAMES
      ? `Connection names ${MOST_NAMES} headers or more`
      : names.includes('te') && te.length >= LONGEST_TE
        ? `TE, which Connection names, has ${LONGEST_TE} characters or more`
        : forbidden !== undefined
          ? `Connection must not name ${forbidden}`
          : undefined;
  if (wrong !== undefined) return { status: 400, body: 'Bad Request', reason: wrong };
  if (names.includes(HOST)) return { status: 400, body: '', reason: 'Connection takes the host away' };
  return names.filter((name) => !NO_NAMES.has(name) && name !== 'te');
}

const ASKED = ['connection', 'te', 'upgrade'];

/** The headers that decide here, by lower-case names; undefined: there is no `Connection`. */
function connectionHeaders({ headers }: GatewayRequest): Map<string, string[]> | undefined {
  let found: Map<string, string[]> | undefined;
  for (const key in headers) {
    const name = key.toLowerCase();
    if (!ASKED.includes(name)) continue;
    found ??= new Map();
    found.set(name, [...(found.get(name) ?? []), ...[headers[key]!].flat().map(String)]);
  }
  return found?.has('connection') ? found : undefined;
}

/** Takes away from `headers` (lower-case names) what belongs to the hop. */
export function receiveHeaders(headers: Map<string, readonly string[]>): void {
  const isUpgraded = isUpgrade((name) => headers.get(name) ?? []);
  const named = isUpgraded ? [] : takenAway((headers.get('connection') ?? []).join(','), '');
  if (!('status' in named)) for (const name of named) headers.delete(name);
  if (!headers.has('upgrade')) headers.delete('connection');
  const te = headers.get('te');
  if (!te || te.join('') === '' || isUpgraded) return;
  if (keepsTrailers(te)) headers.set('te', ['trailers']);
  else headers.delete('te');
}

/** The same for the destination: what the client sent and `view` no longer has. */
export function droppedByTheHop(view: RequestView): readonly HeaderEdit[] {
  const edits: HeaderEdit[] = [];
  const sent = view.request.headers ?? {};
  // Without these two nothing is taken away.
  const entries = Object.entries(sent);
  if (!entries.some(([key]) => /^(?:connection|te)$/i.test(key))) return edits;
  for (const [key, value] of entries) {
    const name = key.toLowerCase();
    // A request id is made anew.
    if (name === 'connection' || name === 'upgrade' || name === 'x-request-id') continue;
    const now = view.lines(name);
    if (now.length === 0) edits.push({ op: 'remove', name, value: '' });
    else if (name === 'te' && [value].flat().join(',') !== now.join(','))
      edits.push({ op: 'set', name, value: now[0]! });
  }
  return edits;
}
