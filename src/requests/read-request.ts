// One request of contract "meshgw simulate": what may be left out is filled in, what is wrong is reported with its line.

import { isIP } from 'node:net';
import { CannotRunError } from '../diagnostics/index.js';
import { CLIENT_CERTIFICATES, type ClientCertificate, type GatewayRequest, own } from '../model/index.js';
import { isTlsPort, portOfAuthority } from './authority.js';
import { shown } from './expected-shape.js';
import { badField, below, type Cursor, type Fields, fieldsOf, headersOf, textOf } from './fields.js';
import { requestFromUrl } from './from-url.js';

const KNOWN = [
  ...['url', 'gateway', 'port', 'scheme', 'method', 'host', 'path', 'headers'],
  ...['sni', 'clientCertificate', 'body', 'source', 'now'],
];

/** `url`, or a text in place of the mapping, is scheme, host, port and path in one. Defaults: port as the host says or by scheme, scheme by port (443 and 8443 are https), method GET, path `/`. */
export function readRequest(value: unknown, at: Cursor): GatewayRequest {
  const written = typeof value === 'string' ? { url: value } : fieldsOf(value, at, 'a request');
  const fields = written.url === undefined ? written : { ...written, ...partsOfUrl(written, at) };
  for (const key of Object.keys(fields))
    if (!KNOWN.includes(key))
      throw badField(below(at, key), `unknown field ${key} of a request`, `its fields are ${KNOWN.join(', ')}`);
  const text = (name: string) =>
    own(fields, name) === undefined ? undefined : textOf(own(fields, name), below(at, name), name);
  const host = text('host');
  if (host === undefined) throw badField(at, 'the request has no host', 'give it as host: shop.example.com');
  const scheme = schemeOf(fields, at);
  const port = portOf(fields, at) ?? portOfAuthority(host);
  return {
    ...optional('gateway', text('gateway')),
    port: port ?? (scheme === 'https' ? 443 : 80),
    scheme: scheme ?? (isTlsPort(port) ? 'https' : 'http'),
    method: text('method') ?? 'GET',
    host,
    path: text('path') ?? '/',
    ...(fields.headers === undefined ? {} : { headers: headersOf(fields.headers, below(at, 'headers')) }),
    ...(fields.sni === undefined
      ? {}
      : { sni: fields.sni === null ? null : textOf(fields.sni, below(at, 'sni'), 'sni') }),
    ...certificateOf(text('clientCertificate'), at),
    ...optional('body', text('body')),
    ...optional('source', addressOf(text('source'), at)),
    ...optional('now', timeOf(text('now'), at)),
  };
}

/** Scheme, host, port and path, a user as a header, no server name for an address. */
function partsOfUrl(fields: Fields, at: Cursor): Fields {
  const place = below(at, 'url');
  const twice = ['scheme', 'host', 'port', 'path'].find((key) => own(fields, key) !== undefined);
  if (twice)
    throw badField(
      below(at, twice),
      `url and ${twice} say the same: remove one of them`,
      'another host: a header Host',
    );
  const written = textOf(fields.url, place, 'url');
  if (!/^https?:\/\//i.test(written))
    throw badField(place, `url must begin with http:// or https://, not ${shown(written)}`);
  try {
    const { scheme, host, port, path, headers = {}, sni } = requestFromUrl(written);
    const given = fields.headers === undefined ? {} : headersOf(fields.headers, below(at, 'headers'));
    const hostKey = Object.keys(given).find((name) => name.toLowerCase() === 'host');
    const { [hostKey ?? '']: hostHeader, ...others } = given;
    const all = { ...headers, ...others };
    return {
      ...{ url: undefined, scheme, port, path },
      host: hostHeader === undefined ? host : String(hostHeader),
      ...(Object.keys(all).length > 0 ? { headers: all } : { headers: undefined }),
      // The name that a client sends is that of the URL, whatever its header says.
      ...(fields.sni !== undefined || scheme === 'http' || (sni !== null && hostHeader === undefined) ? {} : { sni }),
    };
  } catch (error) {
    if (!(error instanceof CannotRunError) || error.message.startsWith(at.file.name)) throw error;
    throw badField(place, error.message, error.hint);
  }
}

const optional = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });

function certificateOf(word: string | undefined, at: Cursor): { clientCertificate?: ClientCertificate } {
  if (word === undefined) return {};
  const clientCertificate = CLIENT_CERTIFICATES.find((known) => known === word);
  if (!clientCertificate)
    throw badField(
      below(at, 'clientCertificate'),
      `clientCertificate must be ${CLIENT_CERTIFICATES.join(', ')}, not ${word}`,
    );
  return { clientCertificate };
}

function addressOf(source: string | undefined, at: Cursor): string | undefined {
  if (source !== undefined && isIP(source) === 0)
    throw badField(below(at, 'source'), `source must be an IP address, not ${source}`);
  return source;
}

/** RFC 3339. */
function timeOf(now: string | undefined, at: Cursor): string | undefined {
  if (now !== undefined && !(/^\d{4}-\d\d-\d\d[Tt ]/.test(now) && Number.isFinite(Date.parse(now))))
    throw badField(below(at, 'now'), `now must be a time such as 2026-11-22T12:00:00Z, not ${now}`);
  return now;
}

function schemeOf(fields: Fields, at: Cursor): 'http' | 'https' | undefined {
  const { scheme } = fields;
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    throw badField(below(at, 'scheme'), `scheme must be http or https, not ${shown(scheme)}`);
  return scheme;
}

function portOf(fields: Fields, at: Cursor): number | undefined {
  const { port } = fields;
  if (port === undefined) return undefined;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65535)
    throw badField(below(at, 'port'), `port must be a number from 1 to 65535, not ${shown(port)}`);
  return port;
}
