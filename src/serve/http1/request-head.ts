// Which request heads are accepted from a client of HTTP/1, after llhttp has accepted their syntax; the rest is
// answered with an error. Envoy's answers are in fixtures/serve/hardening; where this is stricter, it says so.

import type { WireRules } from '../../simulate/engines/engine-rules.js';
import type { BodyFraming, HeaderList, RequestHead } from '../message.js';
import type { MessageHead } from './parser.js';

export interface Refusal {
  readonly status: number;
  readonly detail: string;
}

export interface HeadPolicy {
  /** Envoy answers 426 to HTTP/1.0 (`accept_http_10` is off), nginx takes it; Envoy takes away what `Connection` names. */
  readonly wire: Pick<WireRules, 'acceptsHttp10' | 'takenByConnection'>;
  /** The connection came by TLS. */
  readonly secure: boolean;
}

/** Headers of one hop, which are not handed on (RFC 9110 7.6.1). `te` survives as `trailers` only, as in Envoy. */
const HOP_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'host',
  'http2-settings',
  'expect',
]);

const refuse = (status: number, detail: string): Refusal => ({ status, detail });

export function readRequestHead(head: MessageHead, policy: HeadPolicy): RequestHead | Refusal {
  if (head.version !== 11 && !(head.version === 10 && policy.wire.acceptsHttp10))
    return refuse(426, 'http/1.0 not supported');
  const sorted = sortHeaders(head.headers);
  if ('status' in sorted) return sorted;
  const body = bodyFraming(sorted, head.version);
  if (typeof body === 'object') return body;
  if (head.version === 11 && sorted.host === undefined) return refuse(400, 'no host header');

  const place = readTarget(head.method, head.text, sorted.host ?? '');
  if (typeof place === 'string') return refuse(400, place);
  // Recorded: fixtures/serve/hardening, `absolute https target`.
  if (!policy.secure && /^https:/i.test(head.text))
    return refuse(403, 'target has scheme https on a connection without TLS');
  const upgrade = head.upgrade ? upgradeOf(sorted) : undefined;
  if (upgrade !== undefined && (body === 'stream' || (typeof body === 'number' && body > 0)))
    return refuse(400, 'upgrade with a body');
  const taken = upgrade === undefined ? policy.wire.takenByConnection?.(sorted.connection, teOf(sorted)) : undefined;
  if (taken && 'status' in taken) return refuse(taken.status, taken.reason);
  return {
    method: head.method,
    target: place.target,
    authority: place.authority,
    headers: taken && taken.length > 0 ? without(sorted.kept, taken) : sorted.kept,
    version: head.version === 10 ? 10 : 11,
    body,
    upgrade,
    ...(upgrade === undefined ? {} : { connection: sorted.connection.slice(1) }),
    expectsContinue: sorted.expectsContinue,
  };
}

const teOf = ({ kept }: SortedHeaders): string => kept.filter((_, i) => i % 2 === 1 && kept[i - 1] === 'te').join(',');

const without = (headers: HeaderList, names: readonly string[]): HeaderList =>
  headers.filter((_, i) => !names.includes(headers[i - (i % 2)] as string));

/** The headers of a request: those that are handed on, and what those of this hop say. */
interface SortedHeaders {
  readonly kept: HeaderList;
  host: string | undefined;
  /** Of `Transfer-Encoding`, lower case. */
  coding: string | undefined;
  /** Of `Content-Length`. */
  length: string | undefined;
  upgrade: string | undefined;
  /** All `Connection` lines, each with a comma in front. */
  connection: string;
  expectsContinue: boolean;
}

function sortHeaders(headers: readonly string[]): SortedHeaders | Refusal {
  const sorted: SortedHeaders = {
    kept: [],
    host: undefined,
    coding: undefined,
    length: undefined,
    upgrade: undefined,
    connection: '',
    expectsContinue: false,
  };
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1] as string;
    if (HOP_HEADERS.has(name)) {
      const refusal = readHopHeader(sorted, name, value);
      if (refusal) return refusal;
    } else if (name !== 'te') sorted.kept.push(name, value);
    else if (/(?:^|,)[ \t]*trailers[ \t]*(?:$|,)/i.test(value)) sorted.kept.push('te', 'trailers');
  }
  return sorted;
}

/** One of `HOP_HEADERS`. */
function readHopHeader(sorted: SortedHeaders, name: string, value: string): Refusal | undefined {
  switch (name) {
    case 'host':
      // Two Host lines: RFC 9112 3.2 demands 400. Envoy joins them with a comma; two parsers could read that differently.
      if (sorted.host !== undefined) return refuse(400, 'more than one host header');
      sorted.host = value;
      break;
    case 'transfer-encoding':
      if (sorted.coding !== undefined) return refuse(400, 'more than one transfer-encoding header');
      sorted.coding = value.toLowerCase();
      break;
    case 'content-length':
      sorted.length = value;
      break;
    case 'upgrade':
      sorted.upgrade = sorted.upgrade === undefined ? value : `${sorted.upgrade}, ${value}`;
      break;
    case 'connection':
      sorted.connection += `,${value}`;
      break;
    case 'expect':
      if (value.toLowerCase() === '100-continue') sorted.expectsContinue = true;
      else sorted.kept.push(name, value);
      break;
  }
  return undefined;
}

function bodyFraming({ coding, length }: SortedHeaders, version: number): BodyFraming | Refusal {
  if (coding !== undefined) {
    if (coding !== 'chunked') return refuse(501, `transfer-encoding ${coding}`);
    return version === 10 ? refuse(400, 'transfer-encoding in HTTP/1.0') : 'stream';
  }
  if (length === undefined) return 'none';
  const bytes = Number(length);
  return Number.isSafeInteger(bytes) ? bytes : refuse(400, 'content-length too large');
}

/** The protocol that the request asks to go on in, where `Connection` agrees; h2c is not offered. */
function upgradeOf({ upgrade, connection }: SortedHeaders): string | undefined {
  if (upgrade === undefined || upgrade.toLowerCase() === 'h2c') return undefined;
  return connection.split(',').some((t) => t.trim().toLowerCase() === 'upgrade') ? upgrade : undefined;
}

/** What a host may be made of: RFC 3986 reg-name, IPv6 in brackets, a port. No blanks, no user, no path. */
const AUTHORITY = /^(?:[A-Za-z0-9\-._~%!$&'()*+,;=\x80-\xff]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?$/;

function readTarget(method: string, target: string, host: string): { target: string; authority: string } | string {
  if (method === 'CONNECT') return AUTHORITY.test(target) ? { target, authority: target } : 'bad authority';
  if (!AUTHORITY.test(host)) return 'bad host header';
  if (target.startsWith('/')) return { target, authority: host };
  if (target === '*')
    return method === 'OPTIONS' ? { target, authority: host } : 'target * of a method other than OPTIONS';
  // Absolute form: its authority replaces the Host header (RFC 9112 3.2.2; Envoy does so too).
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target);
  if (absolute === null) return 'target has no leading slash';
  const [, authority = '', rest = ''] = absolute;
  if (authority === '' || !AUTHORITY.test(authority)) return 'bad authority in target';
  return { target: rest.startsWith('/') ? rest : `/${rest}`, authority };
}
