// Clients that hang up, at every stage of a connection: none leaves anything behind. A side that ends counts as gone
// (docs/serve.md), whether the client would still read or not.

import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../src/serve/index.js';
import { servedFromText } from './serve/load.js';
import { until } from './until.js';

const CONFIG = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: g }
spec:
  selector: { istio: ingressgateway }
  servers:
    - { port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }
    - { port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: x }, hosts: ["*"] }
---
apiVersion: v1
kind: Service
metadata: { name: app }
spec: { ports: [{ name: http, port: 8000 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: v }
spec:
  hosts: ["*"]
  gateways: [g]
  http: [{ route: [{ destination: { host: app, port: { number: 8000 } } }] }]
`;
const GET = 'GET / HTTP/1.1\r\nhost: a.example\r\n\r\n';
const UPGRADE =
  'GET / HTTP/1.1\r\nhost: a.example\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n\r\n';
const EMPTY_SETTINGS = '\0\0\0\x04\0\0\0\0\0';
const HTTP2 = `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${EMPTY_SETTINGS}`;

let server: RunningServer;

beforeAll(async () => {
  const listen = new Map([80, 443].map((port) => [port, 0]));
  server = await startServer(await servedFromText(CONFIG), { listen });
});

afterAll(() => server.close());

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Sends bytes, waits for what they cause, hangs up; how many connections serve has a moment later. */
async function leftAfter(connect: () => Socket, ready: string, bytes: string, how: 'end' | 'destroy'): Promise<number> {
  const socket = connect();
  socket.on('error', () => undefined);
  socket.resume();
  await new Promise((done) => socket.once(ready, done));
  if (bytes !== '') socket.write(bytes, 'latin1');
  await sleep(30);
  socket[how]();
  await until(() => server.stats.connections === 0);
  socket.destroy();
  return server.stats.connections;
}

const plain = (port: number) => () =>
  net.connect({ host: '127.0.0.1', port: server.listening.get(port) as number, allowHalfOpen: true });
const secure = (protocol: string) => () =>
  tls.connect({
    socket: plain(443)(),
    servername: 'a.example',
    rejectUnauthorized: false,
    ALPNProtocols: [protocol],
  });

describe('a client that hangs up leaves nothing behind', () => {
  test.each(['end', 'destroy'] as const)('by %s', async (how) => {
    const stages: Readonly<Record<string, readonly [() => Socket, string, string]>> = {
      'before the first byte': [plain(80), 'connect', ''],
      'inside a head': [plain(80), 'connect', 'GET / HT'],
      'after an answer': [plain(80), 'connect', GET],
      'after an upgrade that was not taken': [plain(80), 'connect', UPGRADE],
      'inside the preface of HTTP/2': [plain(80), 'connect', HTTP2.slice(0, 10)],
      'with an HTTP/2 session': [plain(80), 'connect', HTTP2],
      'inside a ClientHello': [plain(443), 'connect', '\x16\x03\x01\x02\x00\x01'],
      'after plain bytes where TLS is spoken': [plain(443), 'connect', GET],
      'after the handshake': [secure('http/1.1'), 'secureConnect', ''],
      'after an answer over TLS': [secure('http/1.1'), 'secureConnect', GET],
      'before an HTTP/2 session over TLS': [secure('h2'), 'secureConnect', ''],
      'with an HTTP/2 session over TLS': [secure('h2'), 'secureConnect', HTTP2],
    };
    const left: Record<string, number> = {};
    for (const [stage, [connect, ready, bytes]] of Object.entries(stages))
      left[stage] = await leftAfter(connect, ready, bytes, how);
    expect(left).toEqual(Object.fromEntries(Object.keys(stages).map((stage) => [stage, 0])));
  });
});
