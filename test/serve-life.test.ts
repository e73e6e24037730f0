// The life of a server: reload without a lost request, the last good configuration, drain, the admin port, what is
// told about ports and certificates, the access log and the recording.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import { run } from '../src/cli/run.js';
import { CannotRunError } from '../src/diagnostics/index.js';
import type { LiveRow } from '../src/report/ink/live-state.js';
import {
  adminPage,
  type ExchangeRecord,
  jsonLine,
  recordedExchange,
  type ServeOptions,
  startAdmin,
  startServer,
  textLine,
} from '../src/serve/index.js';
import { servedFrom, servedFromText } from './serve/load.js';
import { ask, exchangeBytes, readAnswer } from './serve/raw-client.js';
import { startRaw } from './serve/upstreams.js';
import { until } from './until.js';

const yaml = (path: string, port = 80, extra = '') => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: g }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: ${port}, name: http, protocol: HTTP }, hosts: ["*"] }${extra}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: v }
spec:
  hosts: ["*"]
  gateways: [g]
  http: [{ name: to-app, match: [{ uri: { prefix: ${path} } }], route: [{ destination: { host: app, port: { number: 8000 } } }] }]
---
apiVersion: v1
kind: Service
metadata: { name: app }
spec: { ports: [{ name: http, port: 8000 }] }
`;
const anyPort: Pick<ServeOptions, 'listen'> = {
  listen: new Map([
    [80, 0],
    [81, 0],
    [443, 0],
  ]),
};
const get = (port: number, path: string) => ask(port, `GET ${path} HTTP/1.1\r\nhost: a.example\r\n\r\n`);

describe('reload', () => {
  test('takes the new configuration for the next request of an open connection', async () => {
    const server = await startServer(await servedFromText(yaml('/a')), anyPort);
    const port = server.listening.get(80) as number;
    const texts: string[] = [];
    await new Promise<void>((done) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET /b HTTP/1.1\r\nhost: a\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        const answer = readAnswer(text);
        if (answer === undefined) return;
        text = '';
        texts.push(String(answer.status));
        if (texts.length === 2) {
          socket.destroy();
          return done();
        }
        void servedFromText(yaml('/b'))
          .then((config) => server.reload(config))
          .then(() => socket.write('GET /b HTTP/1.1\r\nhost: a\r\n\r\n'));
      });
    });
    expect(texts).toEqual(['404', '200']);
    await server.close();
  });

  test('loses no request under load, and opens and closes ports', async () => {
    const server = await startServer(await servedFromText(yaml('/')), anyPort);
    const port = server.listening.get(80) as number;
    const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
    let stop = false;
    let answered = 0;
    const failures: string[] = [];
    const client = async () => {
      while (!stop) {
        await new Promise<void>((done) => {
          const request = http.get({ port, host: '127.0.0.1', path: `/x${answered}`, agent }, (response) => {
            if (response.statusCode !== 200) failures.push(String(response.statusCode));
            response.resume();
            response.on('end', () => {
              answered++;
              done();
            });
          });
          request.on('error', (error) => {
            failures.push(error.message);
            done();
          });
        });
      }
    };
    const clients = Array.from({ length: 16 }, client);
    for (let i = 0; i < 20; i++) {
      await server.reload(
        await servedFromText(
          yaml('/', 80, i % 2 ? '' : ', { port: { number: 81, name: other, protocol: HTTP }, hosts: ["*"] }'),
        ),
      );
      expect(server.listening.has(81)).toBe(i % 2 === 0);
      await new Promise((done) => setTimeout(done, 50));
    }
    stop = true;
    await Promise.all(clients);
    agent.destroy();
    await server.close();
    expect(failures).toEqual([]);
    // Several for each reload, also where the machine is busy.
    expect(answered).toBeGreaterThan(100);
    expect(server.stats.reloads).toBe(20);
  }, 20_000);

  test('a configuration that cannot be served changes nothing', async () => {
    const blocker = createServer();
    await new Promise<void>((done) => blocker.listen(0, '127.0.0.1', done));
    const taken = (blocker.address() as { port: number }).port;
    const server = await startServer(await servedFromText(yaml('/a')), {
      listen: new Map([
        [80, 0],
        [81, taken],
      ]),
    });
    const port = server.listening.get(80) as number;
    const other = await servedFromText(
      yaml('/b', 80, ', { port: { number: 81, name: other, protocol: HTTP }, hosts: ["*"] }'),
    );
    await expect(server.reload(other)).rejects.toThrow(CannotRunError);
    expect((await get(port, '/a')).status).toBe(200);
    expect([...server.listening.keys()]).toEqual([80]);
    await server.close();
    blocker.close();
  });
});

describe('drain', () => {
  test('lets requests under way end, closes idle connections, refuses new ones', async () => {
    const slow = await startRaw(
      (socket) =>
        void socket.once('data', () =>
          setTimeout(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate'), 300),
        ),
    );
    const server = await startServer(await servedFromText(yaml('/')), {
      ...anyPort,
      upstreams: new Map([['app', new URL(`http://127.0.0.1:${slow.port}`)]]),
    });
    const port = server.listening.get(80) as number;
    const idle = exchangeBytes(port, '', { waitMs: 2_000 });
    const busy = exchangeBytes(port, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n', { waitMs: 2_000 });
    await new Promise((done) => setTimeout(done, 100));
    const drained = server.drain();
    await new Promise((done) => setTimeout(done, 50));
    expect((await exchangeBytes(port, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n')).error).toBe('ECONNREFUSED');
    const { text, closed } = await busy;
    expect([readAnswer(text)?.body, readAnswer(text)?.headers.connection, closed]).toEqual(['late', 'close', true]);
    expect((await idle).closed).toBe(true);
    await drained;
    await slow.close();
  });
});

describe('what a person is told', () => {
  test('a port that is taken, and a broken certificate, with what to do', async () => {
    const blocker = createServer();
    await new Promise<void>((done) => blocker.listen(0, '127.0.0.1', done));
    const taken = (blocker.address() as { port: number }).port;
    await expect(
      startServer(await servedFromText(yaml('/')), { listen: new Map([[80, taken]]) }),
    ).rejects.toMatchObject({
      message: `127.0.0.1:${taken} (port 80 of the gateway) is in use by another program`,
      hint: 'choose another: --listen 80=PORT, or --listen 80=0 for any free one',
    });
    blocker.close();
    const tls = yaml('/').replace(
      '{ number: 80, name: http, protocol: HTTP }, hosts: ["*"]',
      '{ number: 443, name: https, protocol: HTTPS }, hosts: ["*"], tls: { mode: SIMPLE, credentialName: c }',
    );
    const secret =
      '---\napiVersion: v1\nkind: Secret\nmetadata: { name: c, namespace: istio-system }\nstringData: { tls.crt: nonsense, tls.key: nonsense }\n';
    await expect(startServer(await servedFromText(tls + secret), anyPort)).rejects.toThrow(
      /^the certificate of Secret istio-system\/c cannot be used: /,
    );
  });

  test('the access log, the recording and the admin port', async () => {
    const records: ExchangeRecord[] = [];
    const config = await servedFromText(yaml('/a'));
    const server = await startServer(config, { ...anyPort, onExchange: (record) => records.push(record) });
    const port = server.listening.get(80) as number;
    await ask(port, 'GET /a?x=%22 HTTP/1.1\r\nhost: a.example\r\nuser-agent: t"e\x80st\r\nx-request-id: 1\r\n\r\n');
    await get(port, '/none');
    const [forwarded, refused] = records as [ExchangeRecord, ExchangeRecord];
    const stable = (line: string) =>
      line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'TIME').replace(/ (\d+) \d+ \d+ (?:\d+|-) "127/, ' $1 BYTES MS MS "127');
    expect(stable(textLine(forwarded))).toBe(
      '[TIME] "GET /a?x=%22 HTTP/1.1" 200 - 0 BYTES MS MS "127.0.0.1" "t\\"e\ufffdst" "1" "a.example" "echo"\n',
    );
    expect(JSON.parse(jsonLine(refused))).toMatchObject({
      method: 'GET',
      path: '/none',
      response_code: 404,
      response_flags: 'NR',
      upstream_host: null,
    });
    expect(recordedExchange(forwarded, config.gateway.id)).toMatchObject({
      request: {
        gateway: 'istio=ingressgateway',
        port: 80,
        scheme: 'http',
        method: 'GET',
        host: 'a.example',
        path: '/a?x=%22',
      },
      response: { destination: { host: 'app.default.svc.cluster.local', port: 8000 }, upstream: { path: '/a?x=%22' } },
    });
    expect(recordedExchange(refused, config.gateway.id)?.response).toEqual({ status: 404, destination: null });

    const admin = await startAdmin(0, (question) => adminPage(server, question), server.onBug);
    const page = (path: string, host = 'localhost') =>
      ask(admin.port, `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    expect((await page('/ready')).body).toBe('LIVE\n');
    const stats = (await page('/stats')).body;
    expect(stats).toContain('meshgw_responses_total{status="404"} 1');
    expect(stats).toContain('meshgw_request_duration_ms_count{destination="app.default.svc.cluster.local:8000"} 1');
    expect(JSON.parse((await page('/config')).body).id).toBe('istio=ingressgateway');
    expect(JSON.parse((await page('/routes')).body)[0]).toMatchObject({ port: 80 });
    expect((await page('/config', 'evil.example')).status).toBe(403);
    expect((await page('/nothing')).status).toBe(404);
    admin.close();
    await server.close();
  });

  test('only loopback is listened on', async () => {
    const server = await startServer(await servedFrom(['fixtures/serve/faults/input.yaml']), anyPort);
    const port = server.listening.get(80) as number;
    await expect(
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.2', () => resolve('connected'));
        socket.on('error', reject);
      }),
    ).rejects.toThrow(/ECONNREFUSED/);
    await server.close();
  });
});

describe('the command', () => {
  test('prints where it listens, reloads with --watch, records, and drains on a signal', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meshgw-serve-'));
    writeFileSync(join(folder, 'config.yaml'), yaml('/a'));
    const record = join(folder, 'recorded.json');
    let out = '';
    let err = '';
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const finished = run(
      [
        'serve',
        '-f',
        join(folder, 'config.yaml'),
        '--listen',
        '80=0',
        '--watch',
        '--record',
        record,
        '-o',
        'json',
        '--admin',
        '0',
      ],
      {
        cwd: process.cwd(),
        env: {},
        stdout: { write: (text) => void (out += text), isTTY: false, columns: 80 },
        stderr: { write: (text) => void (err += text), isTTY: false, columns: 80 },
        stdin: async () => Buffer.alloc(0),
        stopSignal: () => stopped,
        now: () => Date.now(),
      },
    );
    const reaches = async (test: () => boolean) => {
      expect(await until(test), `${out}${err}`).toBe(true);
    };
    await reaches(() => out.endsWith('\n'));
    const { listening } = JSON.parse(out) as { listening: Record<string, number> };
    const port = listening['80'] as number;
    expect((await get(port, '/b')).status).toBe(404);
    writeFileSync(join(folder, 'config.yaml'), yaml('/b'));
    await reaches(() => err.includes('reloaded'));
    expect((await get(port, '/b')).status).toBe(200);
    writeFileSync(join(folder, 'config.yaml'), 'kind: [');
    await reaches(() => err.includes('the last good configuration stays'));
    expect((await get(port, '/b')).status).toBe(200);
    stop();
    expect(await finished).toBe(0);
    const recorded = JSON.parse(readFileSync(record, 'utf8')) as { request: { path: string } }[];
    expect(recorded.map((r) => r.request.path)).toEqual(['/b', '/b', '/b']);
    expect(err).toContain('"GET /b HTTP/1.1" 200 - ');
    rmSync(folder, { recursive: true });
  });

  test('says what is wrong with its flags', async () => {
    const said = async (...args: string[]) => {
      let err = '';
      const code = await run(['serve', '-f', 'fixtures/serve/faults', ...args], {
        cwd: process.cwd(),
        env: {},
        stdout: { write: () => undefined, isTTY: false, columns: 80 },
        stderr: { write: (text) => void (err += text), isTTY: false, columns: 80 },
        stdin: async () => Buffer.alloc(0),
        now: () => 0,
      });
      return `${code} ${err.split('\n')[0]}`;
    };
    expect(await said('--listen', 'x')).toBe('2 error: --listen x is not N=M');
    expect(await said('--upstream', 'app=127.0.0.1')).toBe('2 error: --upstream app=127.0.0.1 is not NAME=URL');
  });

  test('--workers share the ports and one CA, and drain together', async () => {
    const child = spawn(process.execPath, [
      'bin/meshgw.js',
      'serve',
      '-f',
      'fixtures/serve/traffic',
      '--workers',
      '2',
      '-o',
      'json',
      '--access-log',
      'json',
      '--listen',
      '80=0',
      '--listen',
      '443=0',
      '--listen',
      '9000=0',
    ]);
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    await until(() => out.endsWith('\n'));
    const { listening, ca } = JSON.parse(out) as { listening: Record<string, number>; ca: string };
    const names = await Promise.all(
      Array.from({ length: 8 }, async () => {
        expect((await get(listening['80'] as number, '/echo')).status).toBe(200);
        return new Promise<boolean>((done, fail) => {
          const socket = tlsConnect(
            { port: listening['443'] as number, host: '127.0.0.1', servername: 'shop.example.com', ca },
            () => {
              done(socket.authorized);
              socket.destroy();
            },
          );
          socket.on('error', fail);
        });
      }),
    );
    expect(names.every((authorized) => authorized)).toBe(true);
    const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    child.kill('SIGTERM');
    expect(await ended, err).toBe(0);
  }, 60_000);

  test('the live view shows what comes', async () => {
    const { createElement } = await import('react');
    const { render } = await import('ink');
    const { LiveView } = await import('../src/report/ink/live-view.js');
    const frames: string[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        frames.push(String(chunk));
        done();
      },
    });
    const stdout = Object.assign(sink, { columns: 130, rows: 12, isTTY: false });
    let listening = false;
    let hear: (row: LiveRow) => void = () => undefined;
    const feed = {
      subscribe(to: (row: LiveRow) => void) {
        hear = to;
        listening = true;
        return () => undefined;
      },
      summary: () => '80 on :18080 · 1 connections',
    };
    const screen = render(createElement(LiveView, { title: 'meshgw serve istio=ingressgateway', feed }), {
      stdout: stdout as unknown as NodeJS.WriteStream,
      debug: true,
      patchConsole: false,
    });
    await vi.waitFor(() => expect(listening).toBe(true), { timeout: 20_000 });
    hear({
      time: '12:00:00',
      method: 'GET',
      host: 'shop.example',
      path: '/cart',
      route: 'to-cart',
      destination: 'cart.default:80',
      status: 503,
      flags: 'UF',
      ms: 1.25,
    });
    const row = /12:00:00\s+503 UF\s+1\.3\s+GET\s+shop\.example\/cart\s+to-cart\s+cart\.default:80/;
    await vi.waitFor(() => expect(frames.join('\n')).toMatch(row), { timeout: 20_000 });
    screen.unmount();
    expect(frames.join('\n')).toContain('80 on :18080');
  });
});
