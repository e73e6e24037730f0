// Programs of the world outside against serve: a browser, wrk, h2load, a WebSocket client. What is not installed here is
// named as not run.

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type RunningServer, startServer } from '../src/serve/index.js';
import { servedFromText } from './serve/load.js';
import { startUpstream, type TestUpstream } from './serve/upstreams.js';

const CHROMIUM = '/usr/bin/chromium';
const has = (program: string) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
};

let app: TestUpstream;
let sockets: WebSocketServer;
let server: RunningServer;
let plain = 0;
let secure = 0;

beforeAll(async () => {
  app = await startUpstream();
  sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  sockets.on('connection', (socket) =>
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  );
  await new Promise<void>((done) => void (sockets.address() ? done() : sockets.once('listening', done)));
  server = await startServer(await servedFromText(readFileSync('fixtures/serve/traffic/input.yaml', 'utf8')), {
    listen: new Map([
      [80, 0],
      [443, 0],
      [9000, 0],
    ]),
    upstreams: new Map([
      ['app', app.url],
      ['other', new URL(`http://127.0.0.1:${(sockets.address() as AddressInfo).port}`)],
    ]),
  });
  plain = server.listening.get(80) as number;
  secure = server.listening.get(443) as number;
  await server.prepareCertificates();
});

afterAll(async () => {
  await server.close();
  sockets.close();
  await app.close();
});

describe('ws', () => {
  test('messages of every size come back, over plain HTTP and TLS', async () => {
    for (const url of [`ws://127.0.0.1:${plain}/echo`, `wss://127.0.0.1:${secure}/echo`]) {
      const socket = new WebSocket(url, {
        ca: server.ca(),
        ...{ servername: 'shop.example.com' },
        headers: { host: 'shop.example.com' },
      });
      await new Promise((done, fail) => socket.on('open', done).on('error', fail));
      for (const size of [0, 1, 125, 126, 65_535, 65_536, 2_000_000]) {
        const sent = Buffer.alloc(size, 'x');
        const back = new Promise<Buffer>((done) => socket.once('message', (data) => done(data as Buffer)));
        socket.send(sent);
        expect((await back).equals(sent)).toBe(true);
      }
      const closed = new Promise<number>((done) => socket.once('close', done));
      socket.close(1000);
      expect(await closed).toBe(1000);
    }
  });
});

describe(has('wrk') ? 'wrk' : 'NOT RUN: wrk is not installed', () => {
  test.runIf(has('wrk'))('sees no error', async () => {
    const said = await run('wrk', '-t1', '-c16', '-d1s', `http://127.0.0.1:${plain}/x`);
    expect(said).toMatch(/[1-9]\d+ requests in/);
    expect(said).not.toMatch(/Non-2xx|Socket errors/);
  });
});

describe(has('h2load') ? 'h2load' : 'NOT RUN: h2load is not installed', () => {
  test.runIf(has('h2load'))('sees no error, with prior knowledge and over TLS', async () => {
    const flags = ['-n', '500', '-c', '4', '-m', '10'];
    for (const said of [
      await run('h2load', ...flags, `http://127.0.0.1:${plain}/x`),
      await run('h2load', ...flags, `--connect-to=127.0.0.1:${secure}`, 'https://shop.example.com/x'),
    ])
      expect(said).toContain('500 succeeded, 0 failed, 0 errored');
  });
});

/** In a process of its own, while this one serves. */
const run = async (program: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(program, args, { timeout: 20_000 })).stdout;

describe(existsSync(CHROMIUM) ? 'chromium' : `NOT RUN: ${CHROMIUM} is missing`, () => {
  test.runIf(existsSync(CHROMIUM))(
    'fetches over HTTP/2, hears events, speaks WebSocket',
    { timeout: 60_000 },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'meshgw-chromium-'));
      const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
        executablePath: CHROMIUM,
        headless: true,
        ignoreHTTPSErrors: true,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--no-first-run',
          `--host-resolver-rules=MAP shop.example.com 127.0.0.1`,
        ],
      });
      try {
        const page = await context.newPage();
        const answer = await page.goto(`https://shop.example.com:${secure}/page`);
        expect([answer?.status(), await answer?.text()]).toEqual([200, 'GET /page']);
        // Text, because the page is no module of this project.
        const seen = await page.evaluate(`(async () => {
        const fetched = await (await fetch('/fetched')).text();
        const protocol = performance.getEntriesByType('navigation')[0].nextHopProtocol;
        const events = await new Promise((done) => {
          const got = [];
          const source = new EventSource('/sse');
          source.onmessage = (event) => { got.push(event.data); if (got.length === 3) { source.close(); done(got); } };
        });
        const said = await new Promise((done, fail) => {
          const socket = new WebSocket('wss://' + location.host + '/echo');
          socket.onopen = () => socket.send('hello');
          socket.onmessage = (event) => done(event.data);
          socket.onerror = () => fail(new Error('WebSocket failed'));
        });
        return { fetched, protocol, events, said };
      })()`);
        expect(seen).toEqual({ fetched: 'GET /fetched', protocol: 'h2', events: ['0', '1', '2'], said: 'hello' });
      } finally {
        await context.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
