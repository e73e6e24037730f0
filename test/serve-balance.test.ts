// Several endpoints of one destination: who takes a request, who waits, who is left out for a while.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExchangeRecord, type RunningServer, startServer } from '../src/serve/index.js';
import { servedFrom } from './serve/load.js';
import { ask } from './serve/raw-client.js';

const upstreams: Server[] = [];
const broken = new Set<string>();
const records: ExchangeRecord[] = [];
let server: RunningServer;
let port = 0;

/** Says its name; a broken one says 503; /limited takes its time. */
async function upstream(name: string): Promise<URL> {
  const made = createServer((request, response) => {
    if (broken.has(name)) response.statusCode = 503;
    setTimeout(() => response.end(name), request.url?.startsWith('/limited') ? 100 : 0);
  });
  upstreams.push(made);
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  return new URL(`http://127.0.0.1:${(made.address() as AddressInfo).port}`);
}

beforeAll(async () => {
  server = await startServer(await servedFrom(['fixtures/serve/balance']), {
    listen: new Map([[80, 0]]),
    upstreams: new Map<string, URL | URL[]>([
      ['sticky', [await upstream('a'), await upstream('b'), await upstream('c')]],
      ['limited', await upstream('limited')],
      ['flaky', [await upstream('good'), await upstream('bad')]],
      ['plain', await upstream('plain')],
      ['plain.default/v2', await upstream('plain-v2')],
    ]),
    onExchange: (record) => records.push(record),
  });
  port = server.listening.get(80) as number;
});

afterAll(async () => {
  await server.close();
  for (const made of upstreams) {
    made.close();
    made.closeAllConnections();
  }
});

const get = (path: string, more = '') => ask(port, `GET ${path} HTTP/1.1\r\nhost: a.example\r\n${more}\r\n`);

describe('endpoints', () => {
  test('a hash policy keeps a user on one endpoint and spreads users', async () => {
    const places = new Map<string, Set<string>>();
    for (let round = 0; round < 3; round++)
      for (let user = 0; user < 30; user++) {
        const { body } = await get('/hash', `x-user: u${user}\r\n`);
        places.set(`u${user}`, (places.get(`u${user}`) ?? new Set()).add(body));
      }
    expect([...places.values()].every((set) => set.size === 1)).toBe(true);
    expect(new Set([...places.values()].flatMap((set) => [...set]))).toEqual(new Set(['a', 'b', 'c']));
    const unhashed = await Promise.all(Array.from({ length: 6 }, () => get('/hash')));
    expect(new Set(unhashed.map((a) => a.body)).size).toBe(3);
  });

  test('beyond the circuit breaker requests wait, then are refused with UO', async () => {
    const got = await Promise.all(Array.from({ length: 4 }, () => get('/limited')));
    expect(got.map((a) => a.status).sort()).toEqual([200, 200, 503, 503]);
    expect(got.find((a) => a.status === 503)?.body).toContain('reset reason: overflow');
    expect(records.filter((r) => r.flags === 'UO').length).toBe(2);
  });

  test('an endpoint that fails twice in a row is left out, and comes back', async () => {
    broken.add('bad');
    const first = await Promise.all(Array.from({ length: 4 }, () => get('/eject')));
    expect(first.filter((a) => a.status === 503).length).toBe(2);
    for (let i = 0; i < 6; i++) expect((await get('/eject')).body).toBe('good');
    broken.add('good');
    await get('/eject');
    await get('/eject');
    const none = await get('/eject');
    expect([none.status, none.body, records.at(-1)?.flags]).toEqual([503, 'no healthy upstream', 'UH']);
    broken.clear();
    await new Promise((done) => setTimeout(done, 450));
    expect((await get('/eject')).status).toBe(200);
  });

  test('a subset has its own upstream', async () => {
    expect((await get('/subset')).body).toBe('plain-v2');
    expect((await get('/')).body).toBe('plain');
  });
});
