// Between header lists and the objects that Node's HTTP/2 wants; and what an authority may be.

import type { HeaderList } from '../message.js';

const NO_HEADERS: readonly string[] = [];

export type HeaderObject = Record<string, string | string[]>;

/** Makes objects without inherited names (a header may be called `__proto__`) that V8 keeps fast, as those of `Object.create(null)` are not. */
const Empty = emptyConstructor as unknown as new () => HeaderObject;
emptyConstructor.prototype = Object.create(null);
function emptyConstructor(): void {}

/** Lines of one name become an array. Headers that HTTP/2 forbids are left out (RFC 9113 8.2.2). `pseudo` goes first. */
export function headersObject(headers: HeaderList, pseudo: readonly string[] = NO_HEADERS): HeaderObject {
  const object = new Empty();
  for (let i = 0; i < pseudo.length; i += 2) object[pseudo[i] as string] = pseudo[i + 1] as string;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const value = headers[i + 1] as string;
    if (CONNECTION_HEADERS.has(name) || (name === 'te' && value.toLowerCase() !== 'trailers')) continue;
    if (!isFieldValue(value) || name.startsWith(':')) continue;
    const known = object[name];
    if (known === undefined) object[name] = value;
    else if (SINGLE.has(name)) object[name] = value;
    else if (typeof known === 'string') object[name] = [known, value];
    else known.push(value);
  }
  return object;
}

/** RFC 9113 8.2.2; Node's HTTP/2 throws at them (lib/internal/http2/util.js, isIllegalConnectionSpecificHeader). */
const CONNECTION_HEADERS = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** Names that Node's HTTP/2 refuses to send twice (lib/internal/http2/util.js, kSingleValueFields). */
const SINGLE = new Set(
  `access-control-allow-credentials access-control-max-age access-control-request-method age authorization
  content-encoding content-language content-length content-location content-md5 content-range content-type date dnt etag
  expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location
  max-forwards proxy-authorization range referer retry-after tk upgrade-insecure-requests user-agent x-content-type-options`.split(
    /\s+/,
  ),
);

function isFieldValue(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c === 0 || c === 10 || c === 13) return false;
  }
  return true;
}

export const isAuthority = (text: string): boolean =>
  /^(?:[A-Za-z0-9\-._~%!$&'()*+,;=\x80-\xff]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?$/.test(text);
