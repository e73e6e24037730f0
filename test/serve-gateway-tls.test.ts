// TLS of Gateway API through serve: TLS that ends at the gateway for bytes, TLS to backends, certificates of clients.

import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../src/serve/index.js';
import { certificateFor, secretYaml } from './serve/certificate.js';
import { servedFromText } from './serve/load.js';
import { ask } from './serve/raw-client.js';

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

const policy = (name: string, validation: string) => `---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { ports: [{ name: https, port: 443 }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: { name: ${name} }
spec:
  targetRefs: [{ group: "", kind: Service, name: ${name} }]
  validation: ${validation}
`;
const authority = (name: string, cert: string) =>
  `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { 'ca.crt': cert } })}\n`;

const REFERENCE = '[{ group: "", kind: ConfigMap, name: ca }]';
const POLICIES = {
  right: `{ hostname: app.example.com, caCertificateRefs: ${REFERENCE} }`,
  'other-name': `{ hostname: other.example.com, caCertificateRefs: ${REFERENCE} }`,
  'other-authority': '{ hostname: app.example.com, caCertificateRefs: [{ group: "", kind: ConfigMap, name: other }] }',
  system: '{ hostname: app.example.com, wellKnownCACertificates: System }',
  alternative: `{ hostname: sent.example.com, caCertificateRefs: ${REFERENCE}, subjectAltNames: [{ type: Hostname, hostname: app.example.com }] }`,
  'no-alternative': `{ hostname: app.example.com, caCertificateRefs: ${REFERENCE}, subjectAltNames: [{ type: URI, uri: "spiffe://other" }] }`,
};

describe('TLS to a backend that a BackendTLSPolicy asks for', () => {
  let gateway: RunningServer;
  let app: https.Server;
  const configuration = (cert: string, otherCert: string) =>
    [
      `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge }
spec:
  gatewayClassName: other
  listeners: [{ name: http, port: 80, protocol: HTTP }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: apps }
spec:
  parentRefs: [{ name: edge }]
  rules:
${Object.keys(POLICIES)
  .map(
    (name) =>
      `    - { matches: [{ path: { type: Exact, value: /${name} } }], backendRefs: [{ name: ${name}, port: 443 }] }`,
  )
  .join('\n')}
`,
      ...Object.entries(POLICIES).map(([name, validation]) => policy(name, validation)),
      authority('ca', cert),
      authority('other', otherCert),
    ].join('');
  let own: { cert: string; key: string };
  let other: { cert: string; key: string };

  beforeAll(async () => {
    own = await certificateFor('app.example.com');
    other = await certificateFor('app.example.com');
    app = https.createServer(own, (request, response) => {
      response.end(`sent ${(request.socket as tls.TLSSocket & { servername: string }).servername}`);
    });
    await new Promise<void>((done) => app.listen(0, '127.0.0.1', done));
    const { port } = app.address() as net.AddressInfo;
    gateway = await startServer(await servedFromText(configuration(own.cert, other.cert)), {
      listen: new Map([[80, 0]]),
      upstreams: new Map(Object.keys(POLICIES).map((name) => [name, new URL(`auto://127.0.0.1:${port}`)])),
    });
  });

  afterAll(async () => {
    await gateway.close();
    app.close();
    app.closeAllConnections();
  });

  const answer = async (path: string) => {
    const request = `GET ${path} HTTP/1.1\r\nhost: a.example.com\r\nconnection: close\r\n\r\n`;
    const { status, body } = await ask(gateway.listening.get(80)!, request);
    return status === 200 ? body : status;
  };

  test.each([
    ['right', 'sent app.example.com'],
    ['other-name', 503],
    ['other-authority', 503],
    ['system', 503],
    ['alternative', 'sent sent.example.com'],
    ['no-alternative', 503],
  ] as const)('%s: %s', async (name, expected) => {
    expect(await answer(`/${name}`)).toBe(expected);
  });

  test('a new authority counts after a reload', async () => {
    await gateway.reload(await servedFromText(configuration(other.cert, own.cert)));
    expect([await answer('/right'), await answer('/other-authority')]).toEqual([503, 'sent app.example.com']);
  });
});

test('a gateway shows its certificate to a backend that asks for one', async () => {
  const [backend, shown] = [await certificateFor('app.example.com'), await certificateFor('gateway')];
  const app = https.createServer({ ...backend, requestCert: true, ca: shown.cert }, (_, response) =>
    response.end('known'),
  );
  await new Promise<void>((done) => app.listen(0, '127.0.0.1', done));
  const { port } = app.address() as net.AddressInfo;
  const configuration = (tls: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge }
spec:
  gatewayClassName: other
  ${tls}
  listeners: [{ name: http, port: 80, protocol: HTTP }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: app }
spec: { parentRefs: [{ name: edge }], rules: [{ backendRefs: [{ name: right, port: 443 }] }] }
${policy('right', POLICIES.right)}${authority('ca', backend.cert)}---
${secretYaml('shown', 'default', shown)}`;
  const gateway = await startServer(
    await servedFromText(configuration('tls: { backend: { clientCertificateRef: { name: shown } } }')),
    {
      listen: new Map([[80, 0]]),
      upstreams: new Map([['right', new URL(`auto://127.0.0.1:${port}`)]]),
    },
  );
  const request = 'GET / HTTP/1.1\r\nhost: a.example.com\r\nconnection: close\r\n\r\n';
  expect((await ask(gateway.listening.get(80)!, request)).body).toBe('known');
  await gateway.reload(await servedFromText(configuration('')));
  expect((await ask(gateway.listening.get(80)!, request)).status).toBe(503);
  await gateway.close();
  app.close();
});

describe('certificates of clients', () => {
  let gateway: RunningServer;
  let trusted: { cert: string; key: string };
  let stranger: { cert: string; key: string };

  const frontend = (port: number, more: string) => `{ port: ${port}, tls: { validation: { ${more} } } }`;
  beforeAll(async () => {
    [trusted, stranger] = [await certificateFor('client'), await certificateFor('client')];
    const own = await certificateFor('a.example.com');
    const configuration = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge }
spec:
  gatewayClassName: other
  tls:
    frontend:
      default: { validation: { caCertificateRefs: ${REFERENCE} } }
      perPort:
        - ${frontend(8443, `mode: AllowInsecureFallback, caCertificateRefs: ${REFERENCE}`)}
        - ${frontend(9443, 'caCertificateRefs: [{ group: "", kind: ConfigMap, name: nobody }]')}
  listeners:
    - { name: default, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: own }] } }
    - { name: insecure, port: 8443, protocol: HTTPS, tls: { certificateRefs: [{ name: own }] } }
    - { name: broken, port: 9443, protocol: HTTPS, tls: { certificateRefs: [{ name: own }] } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: all }
spec: { parentRefs: [{ name: edge }], rules: [{ backendRefs: [{ name: app, port: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: app }
spec: { ports: [{ port: 80 }] }
${authority('ca', trusted.cert)}---
${secretYaml('own', 'default', own)}`;
    gateway = await startServer(await servedFromText(configuration), {
      listen: new Map([443, 8443, 9443].map((port) => [port, 0])),
    });
  });

  afterAll(() => gateway.close());

  /** The status, or `closed`. */
  const answer = (port: number, client: { cert: string; key: string } | undefined): Promise<number | 'closed'> =>
    new Promise((resolve) => {
      const options = { host: '127.0.0.1', port: gateway.listening.get(port)!, servername: 'a.example.com' };
      https
        .get({ ...options, ...client, rejectUnauthorized: false, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
        .on('error', () => resolve('closed'));
    });

  test.each([
    [443, 200, 'closed', 'closed'],
    [8443, 200, 200, 200],
    [9443, 'closed', 'closed', 'closed'],
  ] as const)('port %d: signed %s, by somebody else %s, none %s', async (port, ...expected) => {
    expect([await answer(port, trusted), await answer(port, stranger), await answer(port, undefined)]).toEqual(
      expected,
    );
  });
});
