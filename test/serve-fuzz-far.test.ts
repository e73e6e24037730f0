// Random answers of a destination, and random frames of an HTTP/2 client: serve does not break, hands on what is
// well-formed and nothing that nobody asked for, and keeps no connection. Seeded and short here, as test/serve-fuzz.test.ts.

import http2 from 'node:http2';
import { connect, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../src/serve/index.js';
import { servedFrom } from './serve/load.js';
import { readAnswer } from './serve/raw-client.js';
import { until as reaches } from './until.js';

const SECONDS = Number(process.env.FUZZ_SECONDS ?? 0);
const SEED = Number(process.env.FUZZ_SEED ?? 20261122);
const RUNS = 150;

let upstream: Server;
let server: RunningServer;
let port = 0;
let answer = '';
const bugs: string[] = [];
const toUpstream = new Set<Socket>();

beforeAll(async () => {
  upstream = createServer((socket) => {
    toUpstream.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => toUpstream.delete(socket));
    socket.on('data', () => {
      const cut = answer.length >> 1;
      socket.write(answer.slice(0, cut), 'latin1');
      setImmediate(() => {
        if (answer.includes('x-end')) socket.end(answer.slice(cut), 'latin1');
        else socket.write(answer.slice(cut), 'latin1');
      });
    });
  });
  await new Promise<void>((done) => upstream.listen(0, '127.0.0.1', done));
  const url = new URL(`http://127.0.0.1:${(upstream.address() as { port: number }).port}`);
  server = await startServer(await servedFrom(['fixtures/serve/hardening/input.yaml']), {
    listen: new Map([[80, 0]]),
    limits: { pingMs: 500 },
    upstreams: new Map([['upstream', url]]),
    onNotice: (text) => {
      if (text.includes('internal error')) bugs.push(text);
    },
  });
  port = server.listening.get(80) as number;
});

afterAll(async () => {
  await server.close();
  upstream.close();
});

/** Sends and hangs up; what came back until then. */
function send(bytes: Buffer | string): Promise<string> {
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes);
      setTimeout(() => socket.destroy(), 15);
    });
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(got));
  });
}

async function repeat(property: (seed: number) => Promise<void>): Promise<void> {
  const until = Date.now() + SECONDS * 1_000;
  let seed = SEED;
  do await property(seed++);
  while (Date.now() < until);
  await reaches(() => server.stats.connections === 0);
  expect(server.stats).toMatchObject({ active: 0, connections: 0 });
  expect(bugs).toEqual([]);
}

const some = (...words: readonly string[]) => fc.constantFrom(...words);
const eol = fc.oneof({ weight: 20, arbitrary: some('\r\n') }, { weight: 1, arbitrary: some('\n', '\r', '', '\r\n ') });
const statusLine = fc.oneof(
  { weight: 4, arbitrary: some('HTTP/1.1 200 OK', 'HTTP/1.1 204 No Content', 'HTTP/1.1 304 Not Modified') },
  {
    weight: 1,
    arbitrary: some('HTTP/1.1 103 Early Hints', 'HTTP/1.1 101 Switching', 'HTTP/1.0 200 OK', 'HTTP/1.1 99', ''),
  },
);
const field = some(
  ...[
    'content-length: 2',
    'content-length: 200',
    'content-length: -1',
    'transfer-encoding: chunked',
    'x: \0',
    'x y: z',
  ],
  ...['transfer-encoding: gzip', 'connection: close', 'connection: upgrade', 'upgrade: websocket', 'x-end: 1', 'x: y'],
  ...['keep-alive: timeout=5', 'trailer: x', 'x: é', ': x', `x: ${'a'.repeat(9_000)}`],
);
const rest = some(
  '',
  'ok',
  '2\r\nok\r\n0\r\n\r\n',
  '2;e\r\nok\r\n0\r\nx: y\r\n\r\n',
  'ffffffffffffffffff\r\n',
  '2\r\nokk',
);
const tail = some('', '', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil');
const answers = fc
  .tuple(statusLine, eol, fc.array(fc.tuple(field, eol), { maxLength: 5 }), eol, rest, tail)
  .map(([line, end, fields, blank, body, more]) => line + end + fields.flat().join('') + blank + body + more);

const block = Buffer.from([0x82, 0x84, 0x86, 0x41, 1, 97]);
const frame = fc
  .record({
    type: fc.oneof(fc.constant(1), fc.nat(10)),
    flags: fc.oneof(fc.constant(5), fc.constant(4), fc.nat(255)),
    stream: fc.oneof(fc.constantFrom(1, 3, 5), fc.nat(9)),
    payload: fc.oneof(fc.constant(block), fc.uint8Array({ maxLength: 40 })),
    /** Added to the length that the frame says. */
    lie: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(70_000) }),
  })
  .map(({ type, flags, stream, payload, lie }) => {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length + lie, 0, 3);
    head[3] = type;
    head[4] = flags;
    head.writeUInt32BE(stream, 5);
    return Buffer.concat([head, payload]);
  });
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');

describe('fuzz of the other sides', () => {
  test('random answers of a destination', { timeout: Math.max(60_000, SECONDS * 1_500) }, async () => {
    let whole = 0;
    await repeat((seed) =>
      fc.assert(
        fc.asyncProperty(answers, some('GET', 'HEAD', 'POST'), async (text, method) => {
          answer = text;
          const got = await send(`${method} / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n`);
          const end = got.indexOf('\r\n\r\n');
          for (const line of got.slice(0, end === -1 ? 0 : end).split('\r\n'))
            expect(line).toMatch(/^(?:HTTP\/1\.1 \d{3} .*|[!#$%&'*+\-.^_`|~0-9a-z]+: ?[\t\x20-\x7e\x80-\xff]*|)$/);
          // Of two answers to one request, one is handed on.
          expect(readAnswer(got, method)?.rest ?? '').toBe('');
          if (got.startsWith('HTTP/1.1 200')) whole++;
        }),
        { numRuns: RUNS, seed },
      ),
    );
    // The fuzz is worth something only if it gets past the parser.
    expect(whole).toBeGreaterThan(RUNS / 10);
    // Connections on which something odd came are not kept.
    expect(toUpstream.size).toBeLessThan(20);
  });

  test('random frames of HTTP/2', { timeout: Math.max(60_000, SECONDS * 1_500) }, async () => {
    answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
    await repeat((seed) =>
      fc.assert(
        fc.asyncProperty(fc.array(frame, { maxLength: 8 }), async (frames) => {
          await send(Buffer.concat([PREFACE, ...frames]));
        }),
        { numRuns: RUNS, seed },
      ),
    );
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const status = await new Promise((resolve) =>
      session.request({ ':path': '/' }).on('response', (headers) => resolve(headers[':status'])),
    );
    session.destroy();
    expect(status).toBe(200);
  });
});
