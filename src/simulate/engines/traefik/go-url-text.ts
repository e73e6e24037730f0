// url.Parse and URL.String of Go 1.26: what a target that a pattern wrote is, spelled as a Location, or no URL at all. Texts are bytes (go-url.ts).

import { isIPv6 } from '../../cidr.js';
import { escapedPath, parsePath, unescapePath } from './go-url.js';

/** The text as Go spells the URL that it is; undefined: it is none. */
export function respelledUrl(text: string): string | undefined {
  const [before, fragment] = cut(text, '#');
  const url = parse(before);
  if (url === undefined || fragment === undefined || fragment === '') return url;
  const shown = fragmentOf(fragment);
  return shown === undefined ? undefined : `${url}#${shown}`;
}

function cut(text: string, mark: string): readonly [before: string, after: string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const hasControl = (text: string): boolean => /[^ -~\u0080-\u00ff]/.test(text);

function parse(text: string): string | undefined {
  if (hasControl(text) || text.startsWith(':')) return undefined;
  if (text === '*') return text;
  const scheme = /^[a-z][a-z0-9+\-.]*(?=:)/i.exec(text)?.[0];
  const front = scheme === undefined ? '' : `${scheme.toLowerCase()}:`;
  const [rest, query] = cut(text.slice(front.length), '?');
  const end = query === undefined ? '' : `?${query}`;
  if (!rest.startsWith('/')) return relative(front, rest, end);
  const named = rest.startsWith('//') && (scheme !== undefined || !rest.startsWith('///'));
  if (!named) return behind(front, rest, end);
  const [, authority = '', path = ''] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  const host = authorityOf(authority, /^https?:$/.test(front));
  if (host === undefined) return undefined;
  return behind(host === '' && path === '' ? front : `${front}//${host}`, path, end);
}

function relative(front: string, rest: string, end: string): string | undefined {
  // Opaque.
  if (front !== '') return `${front}${rest}${end}`;
  const isSegment = !cut(rest, '/')[0].includes(':');
  return isSegment ? behind('', rest, end) : undefined;
}

function behind(front: string, path: string, end: string): string | undefined {
  const parsed = parsePath(path);
  if (!parsed) return undefined;
  const spelled = escapedPath(parsed);
  return `${front}${front === '' && cut(spelled, '/')[0].includes(':') ? './' : ''}${spelled}${end}`;
}

/** User information and host; undefined: no authority. */
function authorityOf(authority: string, isHttp: boolean): string | undefined {
  const at = authority.lastIndexOf('@');
  const host = hostOf(authority.slice(at + 1), isHttp);
  if (host === undefined || at < 0) return host;
  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) return undefined;
  const [name, password] = cut(user, ':');
  const shown = [name, ...(password === undefined ? [] : [password])].map(unescapePath);
  if (shown.includes(undefined)) return undefined;
  return `${shown.map((part) => escaped(part!, /[A-Za-z0-9\-_.~$&+,;=]/)).join(':')}@${host}`;
}

const IN_HOST = /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]/;

/** Only what is no ASCII may be escaped in a host, and the percent sign. */
function hostOf(host: string, isHttp: boolean): string | undefined {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) return undefined;
  if (bracket === 0) return addressOf(host);
  const first = host.indexOf(':');
  // A second colon is a mistake in the schemes of HTTP; in others the last one is in front of the port.
  const colon = isHttp ? first : host.lastIndexOf(':');
  if (first >= 0 && !/^:[0-9]*$/.test(host.slice(colon))) return undefined;
  const name = unescapedHost(host);
  return name === undefined ? undefined : escaped(name, IN_HOST);
}

function unescapedHost(host: string): string | undefined {
  for (const [part] of host.matchAll(/%.{0,2}|[^%]/gs)) {
    if (part.startsWith('%')) {
      if (!/^%(?:25|[89A-Fa-f][0-9A-Fa-f])$/.test(part)) return undefined;
    } else if (part < '\x80' && !IN_HOST.test(part)) return undefined;
  }
  return unescapePath(host);
}

/** An address of IPv6 in brackets, with a zone perhaps. */
function addressOf(host: string): string | undefined {
  const [, address = '', zone = '', port] =
    /^\[([0-9A-Fa-f:.]+)((?:%25[A-Za-z0-9\-_.~%]+)?)\]((?::[0-9]*)?)$/.exec(host) ?? [];
  if (port === undefined || !isIPv6(address)) return undefined;
  const name = unescapePath(zone);
  return name === undefined ? undefined : `[${address}${escaped(name, IN_HOST)}]${port}`;
}

const IN_FRAGMENT = /[A-Za-z0-9\-_.~$&+,/:;=?@!()*]/;

/** The client's spelling stays where nothing in it has to be escaped. */
function fragmentOf(text: string): string | undefined {
  const plain = unescapePath(text);
  if (plain === undefined) return undefined;
  return /^[A-Za-z0-9\-_.~$&+,/:;=?@!()*'[\]%]*$/.test(text) ? text : escaped(plain, IN_FRAGMENT);
}

const escaped = (text: string, stays: RegExp): string =>
  Array.from(text, (c) => (stays.test(c) ? c : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)).join(
    '',
  );
