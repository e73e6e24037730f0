// Random and mutated bytes at serve: it never breaks, whatever it forwards is a well-formed request, and how bytes are cut
// into packets changes nothing. Seeded and short here; npm run fuzz:serve runs for as long as FUZZ_SECONDS says.

import { connect, createServer, type Server } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readClientHello } from '../src/serve/client-hello.js';
import { MessageParser } from '../src/serve/http1/parser.js';
import { type RunningServer, startServer } from '../src/serve/index.js';
import { servedFrom } from './serve/load.js';
import { exchangeBytes, readAnswer } from './serve/raw-client.js';
import { until as reaches } from './until.js';

const SECONDS = Number(process.env.FUZZ_SECONDS ?? 0);
const SEED = Number(process.env.FUZZ_SEED ?? 20261122);
const RUNS = 300;
const MB = 1_048_576;

/** What is in use after everything else was collected. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

const CRLF = fc.oneof(
  { weight: 30, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\r', '') },
);
const word = fc.constantFrom(
  'GET',
  'POST',
  'HEAD',
  'PUT',
  'OPTIONS',
  'CONNECT',
  'FOO',
  '/',
  '/a',
  '/a?b=c',
  '*',
  'http://b/x',
  '//',
  '/%2e%2e/',
  '/\x00',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/2.0',
  '',
);
const header = fc.constantFrom(
  ...[
    'Host: a',
    'Host: b',
    'Host:',
    'Content-Length: 3',
    'Content-Length: 5',
    'Content-Length: -1',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding : chunked',
    'Connection: close',
  ],
  ...[
    'Connection: upgrade',
    'Upgrade: websocket',
    'Expect: 100-continue',
    'TE: trailers',
    'X: y',
    'X: \x00',
    ' folded',
    'X:y\rZ: w',
    ': x',
    'nocolon',
    `X: ${'a'.repeat(9_000)}`,
  ],
);
const body = fc.constantFrom(
  '',
  'abc',
  'abcde',
  '3\r\nabc\r\n0\r\n\r\n',
  '5\r\nab',
  'zz\r\n',
  '0\r\n\r\n',
  '0\r\nx: y\r\n\r\n',
  '1;ext\r\na\r\n0\r\n\r\n',
);
/** Requests that are right at most places, so that the fuzz gets past the first line. */
const message = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('POST / HTTP/1.1') },
      { weight: 2, arbitrary: fc.tuple(word, word, word).map((w) => w.join(' ')) },
    ),
    CRLF,
    fc.array(fc.tuple(header, CRLF), { maxLength: 6 }),
    CRLF,
    body,
  )
  .map(
    ([line, eol, headers, end, rest]) =>
      `${line}${eol}Host: a\r\n${headers.map(([h, e]) => h + e).join('')}${end}${rest}`,
  );
const bytes = fc.oneof(
  { weight: 4, arbitrary: fc.array(message, { minLength: 1, maxLength: 3 }).map((all) => all.join('')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all).toString('latin1')) },
);

let upstream: Server;
let server: RunningServer;
let port = 0;
/** Heads that arrived at the destination. */
let arrived: string[] = [];
let forwarded = 0;
const bugs: string[] = [];

beforeAll(async () => {
  upstream = createServer((socket) => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end === -1) return;
      const head = text.slice(0, end);
      const rest = text.slice(end + 4);
      const length = /^content-length: (\d+)$/m.exec(head)?.[1];
      const chunked = /^transfer-encoding: chunked$/m.test(head);
      if (length !== undefined && rest.length < Number(length)) return;
      if (chunked && !/(?:^|\r\n)0\r\n(?:.*\r\n)*\r\n$/.test(rest)) return;
      arrived.push(head);
      text = '';
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
  });
  await new Promise<void>((done) => upstream.listen(0, '127.0.0.1', done));
  server = await startServer(await servedFrom(['fixtures/serve/hardening/input.yaml']), {
    listen: new Map([[80, 0]]),
    upstreams: new Map([['upstream', new URL(`http://127.0.0.1:${(upstream.address() as { port: number }).port}`)]]),
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
function send(text: string, cut: number): Promise<string> {
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text.slice(0, cut), 'latin1');
      setImmediate(() => socket.write(text.slice(cut), 'latin1'));
      setTimeout(() => socket.destroy(), 15);
    });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(got));
  });
}

const STATUSES = new Set(['100', '200', '400', '403', '404', '408', '413', '426', '431', '501']);

function wellFormed(head: string): void {
  const [first = '', ...lines] = head.split('\r\n');
  expect(first).toMatch(/^[A-Z-]+ \/[\x21-\x7e\x80-\xff]* HTTP\/1\.1$/);
  for (const line of lines) expect(line).toMatch(/^[!#$%&'*+\-.^_`|~0-9a-z]+: ?[\t\x20-\x7e\x80-\xff]*$/);
  const count = (name: string) => lines.filter((line) => line.startsWith(`${name}:`)).length;
  expect(count('host')).toBe(1);
  expect(count('content-length') + count('transfer-encoding')).toBeLessThanOrEqual(1);
}

async function round(seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(bytes, fc.nat(), async (text, n) => {
      arrived = [];
      const got = await send(text, text.length === 0 ? 0 : n % text.length);
      const statuses = [...got.matchAll(/(?:^|\n|ok|st)HTTP\/1\.1 (\d{3}) /g)].map((m) => m[1] as string);
      for (const status of statuses) expect(STATUSES.has(status), got).toBe(true);
      forwarded += arrived.length;
      for (const head of arrived) wellFormed(head);
    }),
    { numRuns: RUNS, seed },
  );
}

describe('fuzz', () => {
  test(`random messages (seed ${SEED})`, { timeout: Math.max(60_000, SECONDS * 1_500) }, async () => {
    const until = Date.now() + SECONDS * 1_000;
    let seed = SEED;
    await round(seed++);
    const before = heapBytes();
    while (Date.now() < until) await round(seed++);
    // The fuzz is worth something only if it gets past the parser.
    expect(forwarded).toBeGreaterThan(RUNS / 10);
    const { text } = await exchangeBytes(port, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n', {
      until: (t) => readAnswer(t) !== undefined,
    });
    expect(readAnswer(text)?.status).toBe(200);
    expect(bugs).toEqual([]);
    // Nobody is connected any more: what is still open leaks.
    await reaches(() => server.stats.connections === 0);
    expect(server.stats).toMatchObject({ active: 0, connections: 0 });
    const after = heapBytes();
    expect(after - before).toBeLessThan(50 * MB);
    if (SECONDS > 0)
      process.stderr.write(
        `fuzz: ${(seed - SEED) * RUNS} connections, ${forwarded} requests forwarded, ${(before / MB).toFixed(0)} MB in use at the start, ${(after / MB).toFixed(0)} MB at the end\n`,
      );
  });

  test('how bytes are cut into packets changes nothing', () => {
    const read = (parts: readonly string[]): string => {
      const seen: string[] = [];
      const parser = new MessageParser(
        'request',
        {
          onHead: ({ method, text, headers, version }) => {
            seen.push(JSON.stringify([method, text, headers, version]));
            return 'body';
          },
          onBody: (chunk) => seen.push(`body ${chunk.toString('latin1')}`),
          onComplete: (trailers) => seen.push(JSON.stringify(trailers)),
        },
        { headBytes: 20_000, headerCount: 50 },
        { pauseBetweenMessages: true },
      );
      for (const part of parts) {
        let rest = Buffer.from(part, 'latin1');
        for (;;) {
          const stop = parser.read(rest);
          if (stop === undefined) break;
          if (stop.kind !== 'paused') {
            seen.push(stop.kind);
            parser.free();
            return merged(seen);
          }
          parser.resume();
          rest = Buffer.from(stop.rest);
        }
      }
      parser.free();
      return merged(seen);
    };
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 3 }).map((all) => all.join('')),
        fc.array(fc.nat(), { maxLength: 8 }),
        (text, cuts) => {
          const places = [...new Set(cuts.map((n) => n % (text.length + 1)))].sort((a, b) => a - b);
          const parts = [...places, text.length].map((place, i) => text.slice(i === 0 ? 0 : places[i - 1], place));
          expect(read(parts)).toBe(read([text]));
          expect(read([...text])).toBe(read([text]));
        },
      ),
      { numRuns: 400, seed: SEED },
    );
  });

  test('a ClientHello is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (raw, dressed) => {
        const inner = Buffer.from(raw);
        const hello = Buffer.concat([Buffer.from([1, 0, inner.length >> 8, inner.length & 255]), inner]);
        const record = Buffer.concat([Buffer.from([22, 3, 1, hello.length >> 8, hello.length & 255]), hello]);
        const answer = readClientHello(dressed ? record : inner);
        expect(typeof answer === 'string' ? ['more', 'bad'].includes(answer) : 'sni' in answer).toBe(true);
      }),
      { numRuns: 2_000, seed: SEED },
    );
  });
});

/** Pieces of one body are one body. */
function merged(seen: readonly string[]): string {
  const out: string[] = [];
  for (const one of seen) {
    const last = out.length - 1;
    if (one.startsWith('body ') && out[last]?.startsWith('body ')) out[last] += one.slice(5);
    else out.push(one);
  }
  return out.join('\n');
}
