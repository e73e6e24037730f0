// One request over HTTP/2 on a connection of its own: with TLS by ALPN, in plain text by prior knowledge.
import { METHODS } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { GatewayRequest } from '../../src/model/index.js';
import type { ClientCertificate, RawAnswer } from './client.js';

/** Headers that HTTP/2 does not have, and what no frame can carry. */
const NOT_IN_HTTP2 =
  /^(connection|upgrade|keep-alive|proxy-connection|transfer-encoding|te|host|http2-settings|content-length)$/i;

/** The same request can be sent over HTTP/2; an empty cookie is no crumb there. */
export const fitsHttp2 = ({ headers = {}, host, method, path, body }: GatewayRequest): boolean =>
  Object.keys(headers).every((name) => !NOT_IN_HTTP2.test(name) && /^[\w-]+$/.test(name)) &&
  headers.cookie !== '' &&
  host !== '' &&
  // Envoy's HTTP/1 codec refuses methods that it does not know, that of HTTP/2 none.
  method !== 'CONNECT' &&
  METHODS.includes(method) &&
  body === undefined &&
  /^\/[!-"$-~]*$/.test(path);

/** As `send` of client.ts. */
export function sendHttp2(
  address: string,
  request: GatewayRequest,
  extra: Readonly<Record<string, string>>,
  shown: ClientCertificate = {},
): Promise<RawAnswer | undefined> {
  return new Promise((resolve) => {
    const to = { host: address, port: request.port, localAddress: request.source ?? '127.0.0.1' };
    const sni = request.sni === undefined ? request.host.replace(/:\d+$/, '') : request.sni;
    const isTls = request.scheme === 'https';
    const socket = isTls
      ? connectTls({
          ...to,
          ...shown,
          rejectUnauthorized: false,
          ALPNProtocols: ['h2'],
          ...(sni ? { servername: sni } : {}),
        })
      : connectTcp(to);
    const session = connectHttp2(`${request.scheme}://${address}:${request.port}`, { createConnection: () => socket });
    const finish = (answer?: RawAnswer) => {
      clearTimeout(timer);
      session.destroy();
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(finish, 8000);
    session.on('error', () => finish());
    socket.on('error', () => finish()).on('close', () => finish());
    const { ':method': _, ...headers } = { ...request.headers, ...extra } as Record<string, string | string[]>;
    const stream = session.request({
      ':method': request.method,
      ':scheme': request.scheme,
      ':authority': request.host,
      ':path': request.path,
      ...headers,
    });
    const chunks: Buffer[] = [];
    let status = 0;
    let got: (readonly [string, string])[] = [];
    stream.on('response', (fields) => {
      status = Number(fields[':status']);
      got = Object.entries(fields).flatMap(([name, value]) =>
        name.startsWith(':') ? [] : [value].flat().map((v) => [name, String(v)] as const),
      );
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => finish());
    stream.on('end', () =>
      finish(status === 0 ? undefined : { status, headers: got, body: Buffer.concat(chunks).toString('utf8') }),
    );
    stream.end();
  });
}
