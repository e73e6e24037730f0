// One request over a bare socket: nothing is added, ordered or refused on the way.
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { GatewayRequest } from '../../src/model/index.js';

export interface RawAnswer {
  readonly status: number;
  /** In the order of arrival, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What a client shows where a gateway asks for a certificate; empty: nothing. */
export interface ClientCertificate {
  readonly cert?: string;
  readonly key?: string;
}

/** Sends `request` to `address`; undefined where the connection ends without an answer. */
export function send(
  address: string,
  request: GatewayRequest,
  extra: Readonly<Record<string, string>>,
  shown: ClientCertificate = {},
): Promise<RawAnswer | undefined> {
  return new Promise((resolve) => {
    const to = { host: address, port: request.port, localAddress: request.source ?? '127.0.0.1' };
    // An absent SNI means the host; a name that is an address cannot be one.
    const sni = request.sni === undefined ? request.host.replace(/:\d+$/, '') : request.sni;
    const socket =
      request.scheme === 'https'
        ? connectTls({ ...to, ...shown, rejectUnauthorized: false, ...(sni ? { servername: sni } : {}) })
        : connectTcp(to);
    const chunks: Buffer[] = [];
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(parse(Buffer.concat(chunks).toString('latin1'), request.method));
    };
    const timer = setTimeout(finish, 8000);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (isWhole(Buffer.concat(chunks).toString('latin1'), request.method)) finish();
    });
    socket.on('error', finish).on('close', finish);
    const body = request.body === undefined ? '' : Buffer.from(request.body).toString('latin1');
    const fields = headerFields(request, extra).map(([name, value]) => `${name}: ${value}`);
    const lines = [`${request.method} ${request.path} HTTP/1.1`, ...fields];
    socket.on(request.scheme === 'https' ? 'secureConnect' : 'connect', () =>
      socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1')),
    );
  });
}

/** The header fields of a request as they are sent, in their order. */
export function headerFields(
  { host, headers, body }: GatewayRequest,
  extra: Readonly<Record<string, string>>,
): [name: string, value: string][] {
  const own = Object.entries({ ...headers, ...extra });
  const given = own.flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]));
  const length = Buffer.byteLength(body ?? '');
  return [['host', host], ...given, ...(length > 0 ? [['content-length', String(length)] as [string, string]] : [])];
}

const lengthOf = (head: string): number | undefined => {
  const found = /\r\ncontent-length: *(\d+)/i.exec(head);
  return found ? Number(found[1]) : undefined;
};
const isChunked = (head: string): boolean => /\r\ntransfer-encoding: *chunked/i.test(head);

function isWhole(text: string, method: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const head = text.slice(0, end);
  if (method === 'HEAD' || /^HTTP\/1.1 (204|304)/.test(head)) return true;
  if (isChunked(head)) return text.endsWith('0\r\n\r\n');
  const length = lengthOf(head);
  return length !== undefined && text.length >= end + 4 + length;
}

function parse(text: string, method: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const [line = '', ...lines] = head.split('\r\n');
  const rest = text.slice(end + 4);
  return {
    status: Number(line.split(' ')[1]),
    headers: lines.map((l) => {
      const colon = l.indexOf(':');
      return [l.slice(0, colon).toLowerCase(), l.slice(colon + 1).trim()];
    }),
    body: method === 'HEAD' ? '' : Buffer.from(isChunked(head) ? unchunk(rest) : rest, 'latin1').toString('utf8'),
  };
}

function unchunk(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; ) {
    const line = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, line), 16);
    if (line < 0 || !(size > 0)) break;
    out += text.slice(line + 2, line + 2 + size);
    at = line + 4 + size;
  }
  return out;
}
