// Which request heads are accepted from a client of HTTP/1, after llhttp has accepted their syntax; the rest is
// answered with an error. Envoy's answers are in fixtures/serve/hardening; where this is stricter, it says so.

import type { BodyFraming, HeaderList, RequestHead } from '../message.js';
import type { MessageHead } from './parser.js';

export interface Refusal {
  readonly status: number;
  readonly detail: string;
}

export interface HeadPolicy {
  /** Envoy answers 426 to HTTP/1.0 (`accept_http_10` is off); nginx takes it. */
  readonly acceptHttp10: boolean;
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
  if (head.version !== 11 && !(head.version === 10 && policy.acceptHttp10))
    return refuse(426, 'http/1.0 not supported');
  const kept: HeaderList = [];
  let host: string | undefined;
  let coding: string | undefined;
  let length: string | undefined;
  let upgrade: string | undefined;
  let connection = '';
  let expectsContinue = false;
  const { headers } = head;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1] as string;
    if (!HOP_HEADERS.has(name)) {
      if (name !== 'te') kept.push(name, value);
      else if (/(?:^|,)[ \t]*trailers[ \t]*(?:$|,)/i.test(value)) kept.push('te', 'trailers');
    } else if (name === 'host') {
      // Two Host lines: RFC 9112 3.2 demands 400. Envoy joins them with a comma; two parsers could read that differently.
      if (host !== undefined) return refuse(400, 'more than one host header');
      host = value;
    } else if (name === 'transfer-encoding') {
      if (coding !== undefined) return refuse(400, 'more than one transfer-encoding header');
      coding = value.toLowerCase();
    } else if (name === 'content-length') length = value;
    else if (name === 'upgrade') upgrade = upgrade === undefined ? value : `${upgrade}, ${value}`;
    else if (name === 'connection') connection += `,${value}`;
    else if (name === 'expect') {
      if (value.toLowerCase() === '100-continue') expectsContinue = true;
      else kept.push(name, value);
    }
  }
  if (coding !== undefined && coding !== 'chunked') return refuse(501, `transfer-encoding ${coding}`);
  if (coding !== undefined && head.version === 10) return refuse(400, 'transfer-encoding in HTTP/1.0');
  const body: BodyFraming = coding !== undefined ? 'stream' : length === undefined ? 'none' : Number(length);
  if (typeof body === 'number' && !Number.isSafeInteger(body)) return refuse(400, 'content-length too large');
  if (head.version === 11 && host === undefined) return refuse(400, 'no host header');

  const place = readTarget(head.method, head.text, host ?? '');
  if (typeof place === 'string') return refuse(400, place);
  // Recorded: fixtures/serve/hardening, `absolute https target`.
  if (!policy.secure && /^https:/i.test(head.text)) return refuse(403, 'target says https on a connection without TLS');
  const asked =
    head.upgrade && upgrade !== undefined && upgrade.toLowerCase() !== 'h2c' && hasToken(connection)
      ? upgrade
      : undefined;
  if (asked !== undefined && (body === 'stream' || (typeof body === 'number' && body > 0)))
    return refuse(400, 'upgrade with a body');
  return {
    method: head.method,
    target: place.target,
    authority: place.authority,
    headers: kept,
    version: head.version === 10 ? 10 : 11,
    body,
    upgrade: asked,
    expectsContinue,
  };
}

const hasToken = (connection: string) => connection.split(',').some((t) => t.trim().toLowerCase() === 'upgrade');

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
