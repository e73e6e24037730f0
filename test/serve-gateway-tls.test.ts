// TLS of Gateway API through serve: TLS that ends at the gateway for bytes.

import net from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../src/serve/index.js';
import { certificateFor, secretYaml } from './serve/certificate.js';
import { servedFromText } from './serve/load.js';

const CONFIG = `
apiVersion: v1
kind: Service
metadata: { name: bytes }
spec: { ports: [{ name: tcp, port: 3000 }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge }
spec:
  gatewayClassName: other
  listeners:
    - { name: bytes, port: 8883, protocol: TLS, hostname: bytes.example.com, tls: { mode: Terminate, certificateRefs: [{ name: bytes }] } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: { name: bytes }
spec:
  parentRefs: [{ name: edge }]
  hostnames: [bytes.example.com]
  rules: [{ backendRefs: [{ name: bytes, port: 3000 }] }]
`;

let server: RunningServer;
let backend: net.Server;
let pair: { cert: string; key: string };

beforeAll(async () => {
  pair = await certificateFor('bytes.example.com');
  // Speaks first, as mail servers do, and answers each piece.
  backend = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.write('welcome;');
    socket.on('data', (chunk) => (`${chunk}` === 'break' ? socket.resetAndDestroy() : socket.write(`got ${chunk};`)));
    socket.on('end', () => socket.end('bye'));
  });
  await new Promise<void>((done) => backend.listen(0, '127.0.0.1', done));
  server = await startServer(await servedFromText(`${CONFIG}---\n${secretYaml('bytes', 'default', pair)}`), {
    listen: new Map([[8883, 0]]),
    upstreams: new Map([['bytes', new URL(`tcp://127.0.0.1:${(backend.address() as net.AddressInfo).port}`)]]),
  });
});

afterAll(async () => {
  await server.close();
  backend.close();
});

const connect = (servername: string): tls.TLSSocket =>
  tls.connect({ port: server.listening.get(8883)!, host: '127.0.0.1', servername, ca: pair.cert });

/** All that comes until the connection ends. */
async function textOf(socket: tls.TLSSocket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

describe('TLS that ends at the gateway', () => {
  test('the bytes inside go to the backend, and its answers and its end come back', async () => {
    const socket = connect('bytes.example.com');
    socket.once('data', () => socket.end('hello'));
    expect(await textOf(socket)).toBe('welcome;got hello;bye');
    expect(socket.authorized).toBe(true);
  });

  test('a backend that breaks ends the connection', async () => {
    const socket = connect('bytes.example.com');
    socket.once('data', () => socket.write('break'));
    await expect(textOf(socket)).rejects.toThrow(/ECONNRESET|socket hang up/);
  });

  test('a name without a listener gets no byte', async () => {
    expect(await textOf(connect('other.example.com')).catch(() => '')).toBe('');
  });
});
