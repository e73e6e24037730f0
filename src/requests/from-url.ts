// A request from a command line: URL, `-X`, `-H`, `-d`, read as curl reads them.

import { CannotRunError } from '../diagnostics/index.js';
import type { ClientCertificate, GatewayRequest } from '../model/index.js';

export interface UrlFlags {
  readonly method?: string | undefined;
  /** `name: value`, `name;` (sent empty), `name:` (not sent). */
  readonly headers?: readonly string[] | undefined;
  readonly data?: string | undefined;
  readonly gateway?: string | undefined;
  /** `''` or `-`: none is sent. */
  readonly sni?: string | undefined;
  readonly clientCertificate?: ClientCertificate | undefined;
  readonly source?: string | undefined;
  readonly now?: string | undefined;
}

const URL_FORM = /^(https?):\/\/([^/?#]*)([^#]*)/i;

/** The port of the URL is the gateway's port (80 for http, 443 for https). @throws CannotRunError */
export function requestFromUrl(url: string, flags: UrlFlags = {}): GatewayRequest {
  const { scheme, user, name, portText, port, path } = partsOf(url);
  const headers = parseHeaders(flags.headers ?? []);
  if (user !== undefined && !headers.has('authorization')) headers.set('authorization', [basic(user)]);
  const host = headers.get('host')?.[0] ?? name + (portText ? `:${portText}` : '');
  headers.delete('host');
  if (flags.method !== undefined && !TOKEN.test(flags.method))
    throw new CannotRunError(`${JSON.stringify(flags.method)} is not an HTTP method`, 'for example -X POST');
  return {
    ...(flags.gateway === undefined ? {} : { gateway: flags.gateway }),
    port,
    scheme,
    method: flags.method ?? (flags.data === undefined ? 'GET' : 'POST'),
    host,
    path,
    ...(headers.size > 0
      ? { headers: Object.fromEntries([...headers].map(([k, v]) => [k, v.length === 1 ? v[0]! : v])) }
      : {}),
    ...(scheme === 'https' ? { sni: sniOf(flags.sni, name) } : {}),
    ...(flags.clientCertificate === undefined ? {} : { clientCertificate: flags.clientCertificate }),
    ...(flags.data === undefined ? {} : { body: flags.data }),
    ...(flags.source === undefined ? {} : { source: flags.source }),
    ...(flags.now === undefined ? {} : { now: flags.now }),
  };
}

interface UrlParts {
  readonly scheme: 'http' | 'https';
  /** `user:password`. */
  readonly user: string | undefined;
  readonly name: string;
  /** As it is written; empty: none is. */
  readonly portText: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
}

/** @throws CannotRunError */
function partsOf(url: string): UrlParts {
  const m = URL_FORM.exec(/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`);
  const authority = (m?.[2] ?? '').replace(/^.*@/, '');
  const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority);
  if (!m || !parts || !isHost(parts[1]!))
    throw new CannotRunError(`not a URL: ${url}`, 'give it as http://host/path or https://host:port/path');
  const scheme = m[1]!.toLowerCase() as 'http' | 'https';
  const portText = parts[2] ?? '';
  const port = portText ? Number(portText) : scheme === 'https' ? 443 : 80;
  if (port < 1 || port > 65535)
    throw new CannotRunError(`port ${port} of ${url} is out of range`, 'ports are 1 to 65535');
  const rest = m[3]!;
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return { scheme, user: /^(.*)@/.exec(m[2]!)?.[1], name: asciiHost(parts[1]!), portText, port, path };
}

/** Names that no DNS has are requests all the same; what cannot stand in a URL is a slip, and no gateway's 404. */
const isHost = (host: string): boolean =>
  host.startsWith('[')
    ? URL.canParse(`http://${host}`)
    : host !== '' && !/[^!-~\u0080-\uffff]|[<>"{}|\\^`[\]]/.test(host);

/** What names of methods and headers are made of (RFC 9110 section 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** `user:password@` of a URL is sent as Basic credentials. */
function basic(user: string): string {
  const plain = user.includes('%') ? decoded(user) : user;
  const bytes = new TextEncoder().encode(plain.includes(':') ? plain : `${plain}:`);
  return `Basic ${btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''))}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A name with letters beyond ASCII is sent in its ASCII form (RFC 5891); others as they were written. */
const asciiHost = (host: string): string =>
  /[^!-~]/.test(host) && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;

/** A client sends the URL's host as server name, unless it is an address (RFC 6066 section 3). */
function sniOf(flag: string | undefined, host: string): string | null {
  if (flag !== undefined) return flag === '' || flag === '-' ? null : flag;
  return host.startsWith('[') || /^\d+(\.\d+){3}$/.test(host) ? null : host.toLowerCase();
}

function parseHeaders(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0 && !line.endsWith(';'))
      throw new CannotRunError(`not a header: ${line}`, "write it as -H 'name: value'");
    const name = (colon > 0 ? line.slice(0, colon) : line.slice(0, -1)).trim().toLowerCase();
    const value = colon > 0 ? line.slice(colon + 1).trim() : '';
    if (!TOKEN.test(name))
      throw new CannotRunError(`${JSON.stringify(name)} is not a header name`, "write it as -H 'name: value'");
    if (/[\r\n\0]/.test(value))
      throw new CannotRunError(`the value of header ${name} has a line break`, 'repeat -H for each header');
    if (colon > 0 && value === '') headers.delete(name);
    else headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return headers;
}
