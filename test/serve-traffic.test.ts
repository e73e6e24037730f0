// HTTP/1.1 through serve: what a client and a destination may do with one connection, and every action of a route.

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExchangeRecord, type RunningServer, startServer } from '../src/serve/index.js';
import { freePort } from './serve/envoy-process.js';
import { servedFrom } from './serve/load.js';
import { ask, exchangeBytes, readAnswer } from './serve/raw-client.js';
import { startRaw, startUpstream, type TestUpstream } from './serve/upstreams.js';
import { until } from './until.js';

let app: TestUpstream;
let mirror: TestUpstream;
let server: RunningServer;
let raw: Awaited<ReturnType<typeof startRaw>>;
let port = 0;
const records: ExchangeRecord[] = [];

beforeAll(async () => {
  app = await startUpstream();
  mirror = await startUpstream();
  raw = await startRaw((socket) => {
    socket.write('hello first\n');
    socket.pipe(socket);
  });
  server = await startServer(await servedFrom(['fixtures/serve/traffic']), {
    listen: new Map([
      [80, 0],
      [443, 0],
      [9000, 0],
    ]),
    upstreams: new Map([
      ['app', app.url],
      ['mirror', mirror.url],
      ['dead', new URL(`http://127.0.0.1:${await freePort()}`)],
      ['raw', new URL(`tcp://127.0.0.1:${raw.port}`)],
    ]),
    seed: 7,
    onExchange: (record) => records.push(record),
  });
  port = server.listening.get(80) as number;
});

afterAll(async () => {
  await server.close();
  await Promise.all([app.close(), mirror.close(), raw.close()]);
});

const get = (path: string, more = '') => ask(port, `GET ${path} HTTP/1.1\r\nhost: a.example\r\n${more}\r\n`);

/** All answers on one connection. */
async function answers(bytes: string | readonly string[], count: number, method = 'GET') {
  const split = (text: string) => {
    const list = [];
    for (let one = readAnswer(text, method); one; one = readAnswer(one.rest, method)) list.push(one);
    return list;
  };
  const { text } = await exchangeBytes(port, bytes, { waitMs: 3_000, until: (t) => split(t).length >= count });
  return split(text);
}

describe('HTTP/1.1', () => {
  test('keeps a connection for one request after another', async () => {
    const got = await answers(['GET /1 HTTP/1.1\r\nhost: a\r\n\r\n', 'GET /2 HTTP/1.1\r\nhost: a\r\n\r\n'], 2);
    expect(got.map((a) => a.body)).toEqual(['GET /1', 'GET /2']);
  });

  test('answers pipelined requests in order', async () => {
    const requests = Array.from(
      { length: 50 },
      (_, i) => `GET ${i % 3 ? `/${i}` : `/echo/${i}`} HTTP/1.1\r\nhost: a\r\n\r\n`,
    );
    const got = await answers(requests.join(''), 50);
    expect(got.map((a, i) => (i % 3 ? a.body : JSON.parse(a.body).path))).toEqual(
      requests.map((_, i) => (i % 3 ? `GET /${i}` : `/echo/${i}`)),
    );
  });

  test('reads a request that comes byte by byte', async () => {
    const bytes =
      'POST /upload HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nx-a: some value \r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n';
    const { text } = await exchangeBytes(port, [...bytes], {
      waitMs: 5_000,
      pauseMs: 0,
      until: (t) => readAnswer(t) !== undefined,
    });
    expect(readAnswer(text)?.body).toBe('7');
    expect(app.seen.at(-1)?.headers['x-a']).toBe('some value');
  });

  test('forwards bodies with a length, in chunks, and with trailers', async () => {
    const sized = await ask(port, 'POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello');
    expect(sized.body).toBe('5');
    const chunked = await ask(
      port,
      'POST /upload HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-t: 1\r\n\r\n',
    );
    expect(chunked.body).toBe('5');
    const { text } = await exchangeBytes(port, 'GET /trailers HTTP/1.1\r\nhost: a\r\nte: trailers\r\n\r\n', {
      until: (t) => t.includes('x-sum: 42'),
    });
    expect(text).toContain('\r\n0\r\nx-sum: 42\r\n\r\n');
  });

  test('says 100 Continue before a body that waits for it', async () => {
    const { text } = await exchangeBytes(
      port,
      ['POST /upload HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n', 'hello'],
      { pauseMs: 50, until: (t) => readAnswer(t) !== undefined },
    );
    expect(text.startsWith('HTTP/1.1 100 Continue\r\n\r\n')).toBe(true);
    expect(readAnswer(text)?.body).toBe('5');
  });

  test('HEAD, 204 and several lines of one header', async () => {
    const head = await answers('HEAD /x HTTP/1.1\r\nhost: a\r\n\r\nHEAD /y HTTP/1.1\r\nhost: a\r\n\r\n', 2, 'HEAD');
    expect(head.map((a) => [a.status, a.body])).toEqual([
      [200, ''],
      [200, ''],
    ]);
    const empty = await get('/204');
    expect([empty.status, empty.headers['content-length']]).toEqual([204, undefined]);
    const { text } = await exchangeBytes(port, 'GET /cookies HTTP/1.1\r\nhost: a\r\n\r\n', {
      until: (t) => t.includes('ok'),
    });
    expect(text).toContain('set-cookie: a=1\r\nset-cookie: b=2\r\n');
  });

  test('a WebSocket becomes a tunnel', async () => {
    const { text } = await exchangeBytes(
      port,
      [
        'GET /ws HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n',
        '\x81\x05hello',
      ],
      { pauseMs: 50, until: (t) => t.includes('hello') },
    );
    expect(text).toContain('HTTP/1.1 101 ');
    expect(text).toContain('sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(text.endsWith('\x81\x05hello')).toBe(true);
  });

  test('server-sent events come as they are sent', async () => {
    const times: number[] = [];
    await new Promise<void>((done) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET /sse HTTP/1.1\r\nhost: a\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
        times.push(performance.now());
        if (text.endsWith('0\r\n\r\n')) {
          socket.destroy();
          done();
        }
      });
    });
    expect(times.length).toBeGreaterThan(2);
    expect((times.at(-1) as number) - (times[0] as number)).toBeGreaterThan(40);
  });

  test('64 MB in each direction with little memory, also for a slow reader', async () => {
    const size = 64 * 1024 * 1024;
    const before = process.memoryUsage().rss;
    const down = await new Promise<number>((done) => {
      let got = 0;
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`GET /download/${size} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`),
      );
      socket.on('data', (chunk) => {
        got += chunk.length;
        if (got % 50 === 0) {
          socket.pause();
          setTimeout(() => socket.resume(), 1);
        }
      });
      socket.on('close', () => done(got));
    });
    expect(down).toBeGreaterThanOrEqual(size);
    const up = await new Promise<string>((done) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: ${size}\r\n\r\n`);
        const chunk = Buffer.alloc(1_048_576);
        let left = size;
        const more = () => {
          while (left > 0) {
            left -= chunk.length;
            if (!socket.write(chunk)) return void socket.once('drain', more);
          }
        };
        more();
      });
      socket.on('data', (chunk) => {
        text += chunk;
        if (readAnswer(text)) {
          socket.destroy();
          done(readAnswer(text)?.body ?? '');
        }
      });
    });
    expect(up).toBe(String(size));
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  }, 30_000);
});

describe('actions of a route', () => {
  test('rewrites, changes headers, redirects', async () => {
    const got = await get('/old/x?q=1', 'x-gone: 1\r\n');
    expect([got.status, got.headers['x-answer'], got.headers['x-secret']]).toEqual([200, 'yes', undefined]);
    const seen = app.seen.at(-1);
    expect([seen?.line, seen?.host, seen?.headers['x-set'], seen?.headers['x-gone']]).toEqual([
      'GET /new/x?q=1',
      'new.example.com',
      '1',
      undefined,
    ]);
    expect(seen?.headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-envoy-original-path': '/old/x?q=1',
    });
    const moved = await get('/moved');
    expect([moved.status, moved.headers.location]).toEqual([308, 'http://a.example/there']);
  });

  test('times out, tries again, delays, aborts', async () => {
    const slow = await get('/slow');
    expect([slow.status, slow.body]).toEqual([504, 'upstream request timeout']);
    const retried = await get('/retry');
    expect([retried.status, retried.body]).toEqual([200, 'third time']);
    const before = performance.now();
    expect((await get('/delayed')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(140);
    const aborted = await get('/aborted');
    expect([aborted.status, aborted.body]).toEqual([418, 'fault filter abort']);
    expect(records.at(-1)?.flags).toBe('FI');
  });

  test('a retry sends the whole body again', async () => {
    const got = await ask(port, 'POST /retry HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello');
    expect(got.body).toBe('third time');
  });

  test('mirrors with the body, and ignores what the mirror says', async () => {
    const got = await ask(port, 'POST /mirrored HTTP/1.1\r\nhost: a.example\r\ncontent-length: 5\r\n\r\nhello');
    expect(got.status).toBe(200);
    await until(() => (mirror.seen.at(-1)?.body ?? 0) >= 5);
    expect(mirror.seen.map((s) => [s.line, s.host, s.body])).toEqual([['POST /mirrored', 'a.example', 5]]);
  });

  test('weights share requests out; the echo says where they went', async () => {
    let echoed = 0;
    for (let i = 0; i < 60; i++) if ((await get('/split')).headers['x-meshgw-destination']) echoed++;
    expect(echoed).toBeGreaterThan(12);
    expect(echoed).toBeLessThan(48);
  });

  test('a dead upstream is a 503 that says why', async () => {
    const got = await get('/dead');
    expect(got.status).toBe(503);
    expect(got.body).toMatch(
      /^upstream connect error or disconnect\/reset before headers\. reset reason: remote connection failure, transport failure reason: connect ECONNREFUSED/,
    );
    expect(records.at(-1)?.flags).toBe('UF');
    expect(records.at(-1)?.upstream?.attempts).toBe(3);
  });

  test('bytes of a TCP port go both ways, and the server may speak first', async () => {
    const tcp = server.listening.get(9000) as number;
    const { text } = await exchangeBytes(tcp, ['ping'], { until: (t) => t.includes('ping') });
    expect(text).toBe('hello first\nping');
  });
});
