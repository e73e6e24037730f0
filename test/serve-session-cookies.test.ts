// A client without a session cookie gets one, and stays with the endpoint that its value leads to.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../src/serve/index.js';
import { servedFrom } from './serve/load.js';
import { ask } from './serve/raw-client.js';

const upstreams: Server[] = [];
let server: RunningServer;

async function upstream(name: string): Promise<URL> {
  const made = createServer((_, response) => response.end(name));
  upstreams.push(made);
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  return new URL(`http://127.0.0.1:${(made.address() as AddressInfo).port}`);
}

beforeAll(async () => {
  const two = [await upstream('one'), await upstream('two')];
  server = await startServer(await servedFrom(['fixtures/recorded/session-cookies']), {
    listen: new Map([[80, 0]]),
    upstreams: new Map<string, URL | URL[]>(['a.shop', 'b.shop', 'c.shop'].map((name) => [name, two])),
  });
});

afterAll(async () => {
  await server.close();
  for (const made of upstreams) {
    made.close();
    made.closeAllConnections();
  }
});

const get = (path: string, more = '') =>
  ask(server.listening.get(80) as number, `GET ${path} HTTP/1.1\r\nhost: shop.example.com\r\n${more}\r\n`);

const cookieOf = ({ headers }: Awaited<ReturnType<typeof get>>): string | undefined => headers['set-cookie'];

test('the cookie of the answer leads back to the endpoint that gave it', async () => {
  const reached = new Set<string>();
  for (let client = 0; client < 24; client++) {
    const first = await get('/b');
    const [, value] = /^b="([0-9a-f]{16})"; HttpOnly$/.exec(cookieOf(first) ?? '') ?? [];
    expect(value).toBeDefined();
    for (let again = 0; again < 3; again++) {
      const next = await get('/b', `cookie: other=1; b="${value}"\r\n`);
      expect([next.body, cookieOf(next)]).toEqual([first.body, undefined]);
    }
    reached.add(first.body);
  }
  expect(reached).toEqual(new Set(['one', 'two']));
});

test('its attributes are those of the DestinationRule', async () => {
  expect(cookieOf(await get('/a'))?.replace(/"[0-9a-f]{16}"/, '"…"')).toBe(
    'user="…"; Max-Age=3600; Path=/shop; SameSite=Lax; Secure; HttpOnly',
  );
});

test('none where it has no lifetime, the answer loses it, or the destination does not hash', async () => {
  for (const path of ['/c', '/removed', '/v1', '/a81']) expect(cookieOf(await get(path)), path).toBeUndefined();
});
