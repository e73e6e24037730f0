// An `--upstream` that leads back to serve itself: the request, or the connection, is refused where that is proven.

import http2 from 'node:http2';
import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type RunningServer, type ServeOptions, startServer } from '../src/serve/index.js';
import { servedFrom } from './serve/load.js';
import { ask } from './serve/raw-client.js';
import { until } from './until.js';

const servers: RunningServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });

async function start(options: ServeOptions) {
  const notices: string[] = [];
  const server = await startServer(await servedFrom(['fixtures/serve/traffic/input.yaml']), {
    ...options,
    onNotice: (text) => notices.push(text),
  });
  servers.push(server);
  return { server, notices };
}

const requests = ({ stats }: RunningServer) => stats.counts().byStatus.reduce((sum, [, n]) => sum + n, 0);

const listen = (http: number, tcp = 0) =>
  new Map([
    [80, http],
    [443, 0],
    [9000, tcp],
  ]);
const to = (name: string, url: string) => new Map([[name, new URL(url)]]);
const get = (port: number, extra = '') => ask(port, `GET /x HTTP/1.1\r\nhost: a\r\n${extra}\r\n`, 5_000);

test.each(['http', 'h2c'])('directly, over %s', async (scheme) => {
  const port = await freePort();
  const { server } = await start({ listen: listen(port), upstreams: to('app', `${scheme}://127.0.0.1:${port}`) });
  const answer = await get(port);
  expect(answer.status).toBe(508);
  expect(answer.body).toContain('came back on its own port 80: an --upstream leads to serve itself');
  // One hop, not thousands.
  expect(requests(server)).toBe(2);
});

test('over another gateway, whose own mark stays', async () => {
  const [one, two] = await Promise.all([freePort(), freePort()]);
  await start({ listen: listen(one), upstreams: to('app', `http://127.0.0.1:${two}`) });
  const { server } = await start({ listen: listen(two), upstreams: to('app', `http://127.0.0.1:${one}`) });
  expect((await get(one)).status).toBe(508);
  expect(requests(server)).toBe(1);
});

test('a mark of somebody else is no proof, and goes on', async () => {
  const seen: string[] = [];
  const upstream = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      seen.push(chunk.toString('latin1'));
      socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    });
  });
  await new Promise<void>((done) => upstream.listen(0, '127.0.0.1', done));
  const { server } = await start({
    listen: listen(0),
    upstreams: to('app', `http://127.0.0.1:${(upstream.address() as net.AddressInfo).port}`),
  });
  const port = server.listening.get(80) as number;
  expect((await get(port, 'cdn-loop: meshgw; id=0\r\ncdn-loop: other\r\n')).status).toBe(204);
  expect(seen[0]).toMatch(/cdn-loop: meshgw; id=0\r\ncdn-loop: other\r\n[\s\S]*cdn-loop: meshgw; id=[0-9a-f]{18}\r\n/);
  upstream.close();
});

test('a client of HTTP/2 is told too', async () => {
  const port = await freePort();
  await start({ listen: listen(port), upstreams: to('app', `http://127.0.0.1:${port}`) });
  const client = http2.connect(`http://127.0.0.1:${port}`);
  const status = await new Promise((resolve, reject) => {
    const stream = client.request({ ':path': '/x' });
    stream.on('response', (headers) => resolve(headers[':status']));
    stream.on('error', reject);
  });
  client.destroy();
  expect(status).toBe(508);
});

test('plain bytes: one connection, not as many as there can be', async () => {
  const port = await freePort();
  const { server, notices } = await start({ listen: listen(0, port), upstreams: to('raw', `tcp://127.0.0.1:${port}`) });
  await new Promise<void>((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('hello'));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
  await until(() => server.stats.connections === 0);
  expect(server.stats.connections, notices.join('\n')).toBe(0);
  expect(server.stats.connectionsTotal).toBeLessThan(5);
  expect(notices.join('\n')).toContain('an --upstream leads to port 9000 of serve itself');
});
