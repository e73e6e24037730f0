// What goes wrong at a destination or a client, and what serve makes of it: each fault has one documented answer
// (fixtures/serve/faults/expected.txt; docs/serve.md explains them).

import { connect, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExchangeRecord, type RunningServer, startServer } from '../src/serve/index.js';
import { certificateFor } from './serve/certificate.js';
import { freePort } from './serve/envoy-process.js';
import { servedFrom } from './serve/load.js';
import { exchangeBytes, readAnswer } from './serve/raw-client.js';
import { startRaw } from './serve/upstreams.js';
import { until } from './until.js';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const GET = 'GET / HTTP/1.1\r\nhost: a.example\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nhost: a.example\r\ncontent-length: 5\r\n\r\nhello';

/** Answers each request head with `bytes`, then does `after`. */
const answering =
  (bytes: string | readonly string[], after: (socket: Socket) => void = () => undefined) =>
  (socket: Socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      text = '';
      for (const part of [bytes].flat()) socket.write(part, 'latin1');
      after(socket);
    });
  };
const end = (socket: Socket) => void socket.end();
const reset = (socket: Socket) => void socket.resetAndDestroy();
const later = (ms: number, act: (socket: Socket) => void) => (socket: Socket) => void setTimeout(() => act(socket), ms);

interface UpstreamFault {
  readonly handle: (socket: Socket) => void;
  /** Default: one GET. Several are sent one after the other on one connection. */
  readonly send?: readonly string[];
  readonly path?: string;
  readonly url?: (port: number) => string;
}

const upstreamFaults: Readonly<Record<string, UpstreamFault>> = {
  'nobody listens': { handle: end, url: () => 'refused' },
  'closes the connection at once': { handle: end },
  'resets the connection at once': { handle: later(20, reset) },
  'closes after the request': { handle: answering('', end) },
  'resets after the request': { handle: answering('', reset) },
  'closes inside the head of its answer': { handle: answering('HTTP/1.1 200 OK\r\nx-a: ', end) },
  'closes inside a body of known length': {
    handle: answering('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', later(30, end)),
  },
  'resets inside a body of known length': {
    handle: answering('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', later(30, reset)),
  },
  'closes inside a chunked body': {
    handle: answering('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n', later(30, end)),
  },
  'sends a bad chunk size': {
    handle: answering(['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '3\r\nabc\r\nzz\r\n']),
  },
  'does not speak HTTP': { handle: answering('hello\r\n\r\n') },
  'sends content-length and chunked': {
    handle: answering('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'),
  },
  'sends two content-lengths': {
    handle: answering('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'),
  },
  'sends an unknown transfer-encoding': {
    handle: answering('HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n'),
  },
  'sends a head of 300 kB': { handle: answering(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(300_000)}\r\n\r\n`) },
  'folds a header': { handle: answering('HTTP/1.1 200 OK\r\nx-a: a\r\n b\r\ncontent-length: 2\r\n\r\nok') },
  'ends its body by closing': { handle: answering('HTTP/1.1 200 OK\r\n\r\nuntil the end', end) },
  'answers as HTTP/1.0': { handle: answering('HTTP/1.0 200 OK\r\n\r\nold', end) },
  'sends more than its length': {
    handle: answering('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil'),
    send: [GET, GET],
  },
  'sends an answer that nobody asked for': {
    handle: answering(
      OK,
      later(20, (s) => s.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil')),
    ),
    send: [GET, GET],
  },
  'sends a body with 204': { handle: answering('HTTP/1.1 204 No Content\r\n\r\nbody'), send: [GET, GET] },
  'sends a body with HEAD': { handle: answering(OK), send: ['HEAD / HTTP/1.1\r\nhost: a.example\r\n\r\n', GET] },
  'closes a kept connection as the next GET comes': { handle: closesSecond(), send: [GET, GET] },
  'closes a kept connection as the next POST comes': { handle: closesSecond(), send: [GET, POST] },
  'never answers': { handle: () => undefined, path: '/slow' },
  'stalls inside its body': { handle: answering('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'), path: '/slow' },
  'answers before it has the body': {
    handle: answering(OK),
    send: ['POST / HTTP/1.1\r\nhost: a.example\r\ncontent-length: 100000\r\n\r\nhello'],
  },
  'sends 100 and 103 first': {
    handle: answering(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}`),
  },
  'switches protocols unasked': {
    handle: answering('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  },
  'speaks no TLS where https was said': {
    handle: (socket) => socket.once('data', () => socket.write('nonsense')),
    url: (port) => `https://127.0.0.1:${port}`,
  },
  'never finishes the TLS handshake': { handle: () => undefined, url: (port) => `https://127.0.0.1:${port}` },
  'has a certificate that is not trusted': { handle: end, url: () => 'untrusted' },
  'speaks HTTP/1 where h2c was said': { handle: answering(OK), url: (port) => `h2c://127.0.0.1:${port}` },
  'injects a header line': {
    handle: answering('HTTP/1.1 200 OK\r\nx-a: a\rset-cookie: evil=1\r\ncontent-length: 2\r\n\r\nok'),
  },
};

function closesSecond() {
  // The connection that has answered once is closed when it is used again; a new one answers.
  return (socket: Socket) => {
    let requests = 0;
    socket.on('data', () => {
      if (++requests === 1) socket.write(OK);
      else socket.destroy();
    });
  };
}

const limits = { headMs: 300, bodyIdleMs: 400, idleMs: 700, connectMs: 300, connections: 20 };
const records: ExchangeRecord[] = [];
let shared: RunningServer;
let waiting: Awaited<ReturnType<typeof startRaw>>;
let cancelled = 0;

async function start(url: string, verify = false): Promise<RunningServer> {
  return startServer(await servedFrom(['fixtures/serve/faults/input.yaml']), {
    listen: new Map([[80, 0]]),
    upstreams: new Map([['app', new URL(url)]]),
    limits,
    verifyUpstreams: verify,
    onExchange: (record) => records.push(record),
  });
}

/** `200 "ok"`, `503 UF "upstream connect error …"`, `200 cut`. */
function describeAnswers(text: string, closed: boolean, methods: readonly string[]): string {
  const words: string[] = [];
  let rest = text;
  for (const method of methods) {
    const answer = readAnswer(rest, method);
    if (answer === undefined) {
      const status = /HTTP\/1\.1 (\d+)/.exec(rest)?.[1];
      words.push(`${status ?? 'nothing'}${closed ? ', cut' : ', open'}`);
      break;
    }
    words.push(
      `${answer.status}${
        answer.body === ''
          ? ''
          : ` ${JSON.stringify(
              answer.body
                .replace(/127\.0\.0\.1:\d+/, 'ADDRESS')
                .replace(/write EPROTO .*/, 'write EPROTO …')
                .replace(/self-signed certificate.*/, 'self-signed certificate')
                .slice(0, 180),
            )}`
      }`,
    );
    rest = answer.rest;
  }
  return words.join('; ');
}

async function underUpstreamFault(fault: UpstreamFault): Promise<string> {
  const { cert, key } = await certificateFor('app');
  const raw = await startRaw(fault.handle);
  const secure = createTlsServer({ cert, key }, (socket) => socket.end());
  await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done));
  const named = fault.url?.(raw.port) ?? `http://127.0.0.1:${raw.port}`;
  const url =
    named === 'refused'
      ? `http://127.0.0.1:${await freePort()}`
      : named === 'untrusted'
        ? `https://127.0.0.1:${(secure.address() as { port: number }).port}`
        : named;
  const server = await start(url, named === 'untrusted');
  const seen = records.length;
  const send = fault.send ?? [GET.replace('GET / ', `GET ${fault.path ?? '/'} `)];
  const methods = send.map((bytes) => bytes.slice(0, bytes.indexOf(' ')));
  const { text, closed } = await exchangeBytes(server.listening.get(80) as number, send, {
    pauseMs: 80,
    waitMs: 1_500,
    until: (t) =>
      describeAnswers(t, false, methods).split('; ').length === methods.length &&
      !describeAnswers(t, false, methods).endsWith('open'),
  });
  await until(() => records.length >= seen + send.length, 400);
  const flags = records.slice(seen).map((r) => r.flags || '-');
  await server.close();
  await raw.close();
  secure.close();
  return `${describeAnswers(text, closed, methods)} [${flags.join(' ')}]`;
}

beforeAll(async () => {
  waiting = await startRaw((socket) => {
    socket.resume();
    socket.on('close', () => cancelled++);
    socket.on('end', () => socket.destroy());
  });
  shared = await start(`http://127.0.0.1:${waiting.port}`);
});

afterAll(async () => {
  await shared.close();
  await waiting.close();
});

/** What a client does wrong, and what it sees. */
const clientFaults: Readonly<Record<string, (port: number) => Promise<string>>> = {
  'sends nothing': (port) => seen(port, [], 1_500),
  'hangs up before the first byte': async (port) => {
    await new Promise<void>((done) => {
      const socket = connect(port, '127.0.0.1', () => socket.destroy());
      socket.once('close', () => done());
    });
    await until(() => shared.stats.connections === 0);
    return `${shared.stats.connections} connections left`;
  },
  'stalls inside the head': (port) => seen(port, ['GET / HTTP/1.1\r\nhost: a'], 1_500),
  'sends the head byte by byte, too slowly': (port) =>
    seen(port, [...'GET / HTTP/1.1\r\nhost: a.example\r\n'], 2_500, 40),
  'stalls inside the body': (port) =>
    seen(port, ['POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc'], 2_000),
  'ends inside the head': (port) => seen(port, ['GET / HT'], 1_000, 5, true),
  'ends inside the body': async (port) =>
    `${await seen(port, ['POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc'], 1_000, 5, true)}, ${await afterwards()}`,
  'ends its side and waits for the answer': async (port) =>
    `${await seen(port, [GET], 1_000, 5, true)}, ${await afterwards()}`,
  'resets while it waits for the answer': async (port) => {
    const before = cancelled;
    await new Promise<void>((done) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(GET));
      setTimeout(() => {
        socket.resetAndDestroy();
        done();
      }, 50);
    });
    await until(() => cancelled !== before);
    return `destination cancelled: ${cancelled > before}, ${await afterwards()}`;
  },
  'opens more connections than allowed': async (port) => {
    const sockets = Array.from({ length: 30 }, () => connect(port, '127.0.0.1'));
    let closed = 0;
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.on('close', () => closed++);
    }
    await until(() => closed >= 10);
    await new Promise((done) => setTimeout(done, 100));
    const refused = closed;
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => setTimeout(done, 100));
    return `${refused} of 30 closed at once, ${30 - refused} open`;
  },
};

const afterwards = async () => {
  await new Promise((done) => setTimeout(done, 50));
  const last = records.at(-1);
  return `log: ${last?.status} ${last?.flags || '-'}`;
};

async function seen(port: number, send: readonly string[], waitMs: number, pauseMs = 5, ends = false): Promise<string> {
  const { text, closed } = await exchangeBytes(port, send, { waitMs, pauseMs, end: ends });
  const status = /HTTP\/1\.1 (\d+)/.exec(text)?.[1];
  return `${status ?? 'no answer'}, ${closed ? 'closed' : 'open'}`;
}

describe('faults', () => {
  test('each fault of a destination has its documented answer', async () => {
    const names = Object.keys(upstreamFaults);
    const answers: string[] = [];
    for (let i = 0; i < names.length; i += 1)
      answers[i] = await underUpstreamFault(upstreamFaults[names[i] as string] as UpstreamFault);
    await expect(`${names.map((name, i) => `${name}: ${answers[i]}`).join('\n')}\n`).toMatchFileSnapshot(
      '../fixtures/serve/faults/destination.txt',
    );
    expect(names.length).toBeGreaterThanOrEqual(24);
  });

  test('each fault of a client has its documented answer', async () => {
    const lines: string[] = [];
    for (const [name, act] of Object.entries(clientFaults))
      lines.push(`${name}: ${await act(shared.listening.get(80) as number)}`);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../fixtures/serve/faults/client.txt');
    expect(shared.stats.active).toBe(0);
  });
});
