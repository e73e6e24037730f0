// Seeded garbage at every listener (HTTP/1, HTTP/2, TLS, TCP, admin) and at the watched files of one `meshgw serve`: it answers
// afterwards as before, with the last good configuration, and met no bug.

import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServeCommand, startServe } from './serve/command.js';
import { ask } from './serve/raw-client.js';
import { frame, headerBlock } from './serve/raw-http2.js';

const SEED = Number(process.env.FUZZ_SEED ?? 20261130);
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);

const INPUT = 'fixtures/serve/traffic/input.yaml';
let folder = '';
let config = '';
let serve: ServeCommand;
let raw: net.Server;

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meshgw-garbage-'));
  config = join(folder, 'config');
  mkdirSync(config);
  copyFileSync(INPUT, join(config, 'input.yaml'));
  raw = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((done) => raw.listen(0, '127.0.0.1', done));
  serve = await startServe([
    ...['-f', config, '--watch', '--admin', '0', '--record', join(config, 'record.json')],
    // Numbers of our own: garbage can be a configuration without one of the ports, and a port that comes back keeps its number.
    ...(await Promise.all([80, 443, 9000].map(async (p) => ['--listen', `${p}=${await freePort()}`]))).flat(),
    ...['--upstream', `raw=tcp://127.0.0.1:${(raw.address() as net.AddressInfo).port}`],
  ]);
});

afterAll(async () => {
  expect(await serve.stop()).toBe(0);
  raw.close();
  rmSync(folder, { recursive: true });
});

const port = (n: number) => serve.ready.listening[n] as number;

/** Writes in two pieces, hangs up a moment later. */
function throwAt(socket: net.Socket, bytes: Buffer, cut: number): Promise<void> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
    socket.write(bytes.subarray(0, cut));
    setImmediate(() => {
      if (!socket.destroyed) socket.write(bytes.subarray(cut));
    });
    setTimeout(() => socket.destroy(), 10);
  });
}

/** Seeds with bytes changed, cut out, doubled; or bytes of any kind. */
const garbage = (...seeds: readonly Buffer[]) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(3)), { maxLength: 6 }))
        .map(([seed, changes]) => {
          let bytes = Buffer.from(seed);
          for (const [at, byte, how] of changes) {
            const i = at % (bytes.length + 1);
            if (how === 0) bytes = Buffer.concat([bytes.subarray(0, i), bytes.subarray(i + (byte % 20))]);
            else if (how === 1) bytes = Buffer.concat([bytes.subarray(0, i), bytes.subarray(Math.max(0, i - 20))]);
            else if (i < bytes.length) bytes[i] = byte;
          }
          return bytes;
        }),
    },
  );

const every = (bytes: fc.Arbitrary<Buffer>, run: (bytes: Buffer, cut: number) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(bytes, fc.nat(), (one, n) => run(one, n % (one.length + 1))),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );

const REQUEST = Buffer.from(
  'POST /echo?a=b HTTP/1.1\r\nhost: a.example\r\ntransfer-encoding: chunked\r\ncookie: a=b\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n',
);
const UPGRADE = Buffer.from('GET /echo HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nabc');
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const HEAD = headerBlock([
  [':method', 'POST'],
  [':scheme', 'http'],
  [':authority', 'a'],
  [':path', '/echo'],
  ['x-a', 'b'],
]);
const HTTP2 = Buffer.concat([
  PREFACE,
  frame(4, 0, 0, Buffer.alloc(0)),
  frame(1, 4, 1, HEAD),
  frame(0, 1, 1, Buffer.from('abc')),
  frame(6, 0, 0, Buffer.alloc(8)),
  frame(8, 0, 0, Buffer.from([0, 0, 1, 0])),
  frame(3, 0, 1, Buffer.from([0, 0, 0, 8])),
  frame(7, 0, 0, Buffer.alloc(8)),
]);

/** The first bytes of a TLS client. */
function clientHello(servername: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes: Buffer) => {
        resolve(bytes);
        socket.destroy();
        server.close();
      });
    });
    server.listen(0, '127.0.0.1', () => {
      const client = tls.connect({ port: (server.address() as net.AddressInfo).port, host: '127.0.0.1', servername });
      client.on('error', () => undefined);
    });
  });
}

async function stillServes(): Promise<void> {
  expect((await ask(port(80), 'GET /moved HTTP/1.1\r\nhost: a.example\r\n\r\n')).status).toBe(308);
  expect((await ask(serve.ready.admin, 'GET /ready HTTP/1.1\r\nhost: localhost\r\n\r\n')).body).toBe('LIVE\n');
  const secure = await new Promise<string>((resolve, reject) => {
    const options = { port: port(443), host: '127.0.0.1', servername: 'shop.example.com', rejectUnauthorized: false };
    const socket = tls.connect(options, () => socket.write('GET /moved HTTP/1.1\r\nhost: shop.example.com\r\n\r\n'));
    socket.once('data', (chunk) => {
      resolve(chunk.toString('latin1').split('\r\n')[0] as string);
      socket.destroy();
    });
    socket.on('error', reject);
  });
  expect(secure).toContain('308');
  const echoed = await new Promise<string>((resolve, reject) => {
    const socket = net.connect(port(9000), '127.0.0.1', () => socket.write('ping'));
    socket.once('data', (chunk) => {
      resolve(chunk.toString());
      socket.destroy();
    });
    socket.on('error', reject);
  });
  expect(echoed).toBe('ping');
  expect(serve.err()).not.toContain('internal error');
}

/** Nobody is connected any more: what is still open leaks. Sessions of HTTP/2 end with their PING (test/serve-fuzz-far.test.ts). */
async function leavesNothingOpen(run: () => Promise<void>): Promise<void> {
  const open = async () => {
    const stats = await ask(serve.ready.admin, 'GET /stats HTTP/1.1\r\nhost: localhost\r\n\r\n');
    return Number(/^meshgw_connections (\d+)$/m.exec(stats.body)?.[1]);
  };
  const before = await open();
  await run();
  // A certificate is made for each name, and a handshake that stopped half-way is ended after 30 s (limits.headMs).
  for (let i = 0; i < 2_500 && (await open()) > before; i++) await new Promise((done) => setTimeout(done, 20));
  expect(await open()).toBeLessThanOrEqual(before);
}

describe(`garbage (seed ${SEED})`, () => {
  test('HTTP/1', async () => {
    await leavesNothingOpen(() =>
      every(garbage(REQUEST, UPGRADE), (bytes, cut) => throwAt(net.connect(port(80), '127.0.0.1'), bytes, cut)),
    );
    await stillServes();
  });

  test('HTTP/2', async () => {
    await every(garbage(HTTP2), (bytes, cut) => throwAt(net.connect(port(80), '127.0.0.1'), bytes, cut));
    await stillServes();
  });

  test('TLS, before and after the handshake', async () => {
    const hellos = await Promise.all(['shop.example.com', 'x.wild.example.com', 'pass.example.com'].map(clientHello));
    await leavesNothingOpen(() =>
      every(garbage(...hellos), (bytes, cut) => throwAt(net.connect(port(443), '127.0.0.1'), bytes, cut)),
    );
    for (const ALPNProtocols of [['h2'], ['http/1.1'], []])
      await every(garbage(REQUEST, HTTP2), async (bytes, cut) => {
        const options = { port: port(443), host: '127.0.0.1', servername: 'shop.example.com', ALPNProtocols };
        await throwAt(tls.connect({ ...options, rejectUnauthorized: false }), bytes, cut);
      });
    await stillServes();
  });

  test('TCP', async () => {
    await leavesNothingOpen(() =>
      every(garbage(REQUEST), (bytes, cut) => throwAt(net.connect(port(9000), '127.0.0.1'), bytes, cut)),
    );
    await stillServes();
  });

  test('the admin port', async () => {
    const seeds = ['/ready', '//', '/routes?format=json', 'http://[', '*', '\\\\', '/%', '///?//', 'localhost:1'].map(
      (target) => Buffer.from(`GET ${target} HTTP/1.1\r\nhost: localhost\r\n\r\n`),
    );
    for (const seed of seeds) await throwAt(net.connect(serve.ready.admin, '127.0.0.1'), seed, 0);
    await every(garbage(...seeds), (bytes, cut) => throwAt(net.connect(serve.ready.admin, '127.0.0.1'), bytes, cut));
    await stillServes();
  });

  test('the watched files', async () => {
    const good = readFileSync(INPUT);
    const file = join(config, 'input.yaml');
    const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
    const states: (() => void)[] = [
      ...fc.sample(garbage(good), { numRuns: 12, seed: SEED }).map((bytes) => () => writeFileSync(file, bytes)),
      () => rmSync(config, { recursive: true }),
      () => writeFileSync(config, 'now a file'),
      () => {
        rmSync(config);
        mkdirSync(join(config, 'input.yaml'), { recursive: true });
      },
      () => rmSync(join(config, 'input.yaml'), { recursive: true }),
      () => {
        writeFileSync(file, good);
        chmodSync(config, 0);
      },
      () => chmodSync(config, 0o700),
      () => writeFileSync(file, 'a: '.repeat(3_000)),
      () => writeFileSync(file, Buffer.alloc(100)),
      () => writeFileSync(join(config, 'odd\nname\u001b[31m.json'), '{'),
      () => rmSync(join(config, 'odd\nname\u001b[31m.json')),
    ];
    for (const change of states) {
      change();
      await pause(250);
      expect((await ask(serve.ready.admin, 'GET /ready HTTP/1.1\r\nhost: localhost\r\n\r\n')).status).toBe(200);
    }
    writeFileSync(file, good.toString().replace('redirectCode: 308', 'redirectCode: 301'));
    const lastReload = (status: number) => serve.err().lastIndexOf(`+ port 80 *: path begins /moved → ${status}`);
    await serve.until(() => lastReload(301) > 0);
    expect((await ask(port(80), 'GET /moved HTTP/1.1\r\nhost: a\r\n\r\n')).status).toBe(301);
    writeFileSync(file, good);
    await serve.until(() => lastReload(308) > lastReload(301));
    expect(serve.err()).toContain('the last good configuration stays');
    await stillServes();
  });
});
