// What must not end `meshgw serve`, each tried on a process of its own: a full disk, readers that go away, no file descriptor left, a
// bug, a broken configuration, a dead worker. (Garbage on the wire: serve-garbage.test.ts.)

import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bugReporter } from '../src/serve/index.js';
import { ensureBuilt } from './build.js';
import { ask } from './serve/raw-client.js';
import { until } from './until.js';

const started: ChildProcess[] = [];
const folders: string[] = [];

beforeAll(ensureBuilt);
afterEach(() => {
  // With what the shell started.
  for (const { pid } of started.splice(0)) killGroup(pid);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'meshgw-survive-'));
  folders.push(made);
  return made;
};

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  readonly admin: number;
  err(): string;
  until(test: () => boolean | Promise<boolean>): Promise<void>;
}

/** Through a shell: `command` holds `MESHGW`, in whose place comes the program with its ports. */
async function start(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Started> {
  const [port, admin] = await Promise.all([freePort(), freePort()]);
  const program = [process.execPath, 'bin/meshgw.js', 'serve', ...args, '--listen', `80=${port}`]
    .concat(args.includes('--workers') ? [] : ['--admin', String(admin)])
    .map((word) => `'${word}'`)
    .join(' ');
  const child = spawn('sh', ['-c', command.replace('MESHGW', program)], {
    env: { ...process.env, ...env },
    detached: true,
  });
  started.push(child);
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdout.resume();
  const reaches = async (done: () => boolean | Promise<boolean>) => {
    expect(await until(done), err).toBe(true);
  };
  await reaches(() => answers(port));
  // It listens there after it listens for requests.
  if (program.includes("'--admin'")) await reaches(() => listens(admin));
  return { child, port, admin, err: () => err, until: reaches };
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });

const get = (port: number, path = '/direct', waitMs?: number) =>
  ask(port, `GET ${path} HTTP/1.1\r\nhost: a.example.com\r\n\r\n`, waitMs);
const answers = (port: number): Promise<boolean> =>
  get(port, '/direct', 2_000).then(
    ({ status }) => status === 200,
    () => false,
  );

const INPUT = 'fixtures/serve/survive/input.yaml';
const listens = (port: number): Promise<boolean> =>
  ask(port, 'GET /ready HTTP/1.1\r\nhost: localhost\r\n\r\n').then(
    () => true,
    () => false,
  );

/** Configurations with names of JavaScript, ports out of range, Secrets without text. */
const STRANGE = 'fixtures/serve/survive/strange';

describe('cases', () => {
  test('admin-crash: one GET to the admin port', async () => {
    const { port, admin } = await start('exec MESHGW', ['-f', INPUT]);
    for (const target of ['//', '///', '//a:b', 'http://[', '\\\\', '/%', '/routes?format=json', '/config?%'])
      expect((await ask(admin, `GET ${target} HTTP/1.1\r\nhost: localhost\r\n\r\n`)).status, target).toBeLessThan(500);
    expect((await ask(admin, 'GET // HTTP/1.1\r\nhost: localhost\r\n\r\n')).status).toBe(404);
    expect((await ask(admin, 'GET /ready HTTP/1.1\r\nhost: a.example\r\n\r\n')).status).toBe(403);
    expect((await ask(admin, 'POST /ready HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n')).status).toBe(405);
    expect((await get(port)).body).toBe('hi');
  });

  test('watch-crash: a reload that runs into a bug, an unreadable file, a configuration of strange names', async () => {
    const config = folder();
    copyFileSync(INPUT, join(config, 'input.yaml'));
    const { port, err, until } = await start('exec MESHGW', ['-f', config, '--watch']);
    for (const name of readdirSync(STRANGE)) {
      copyFileSync(join(STRANGE, name), join(config, name));
      await sleep(700);
      expect((await get(port)).status, name).toBe(200);
      rmSync(join(config, name));
    }
    writeFileSync(join(config, 'broken.yaml'), 'kind: [');
    await until(() => err().includes('the configuration cannot be read'));
    expect((await get(port)).body).toBe('hi');
  });
});

describe('outputs', () => {
  test('a reader of both outputs that goes away', async () => {
    const { port } = await start('MESHGW 2>&1 | head -n 3', ['-f', INPUT]);
    for (let i = 0; i < 20; i++) expect((await get(port)).status).toBe(200);
    await sleep(100);
    expect((await get(port)).body).toBe('hi');
  });

  test('a full disk under standard error, standard output and the recording', async ({ skip }) => {
    if (!existsSync('/dev/full')) return skip('no /dev/full here');
    const { port } = await start('exec MESHGW >/dev/full 2>/dev/full', ['-f', INPUT]);
    for (let i = 0; i < 5; i++) expect((await get(port)).status).toBe(200);
    const record = join(folder(), 'record.json');
    // The limit is on files that are written, in blocks of 512 bytes; the signal that comes with it is ignored, as Node does.
    const limited = await start("trap '' XFSZ; ulimit -f 4; exec MESHGW", ['-f', INPUT, '--record', record]);
    for (let i = 0; i < 60; i++) expect((await get(limited.port)).status).toBe(200);
    expect(limited.err().match(/--record: cannot write/g)).toHaveLength(1);
    expect(JSON.parse(readFileSync(record, 'utf8')).length).toBeGreaterThan(1);
  });
});

describe('resources', () => {
  test('no file descriptor left', async () => {
    const { port, admin } = await start('ulimit -n 60; exec MESHGW', ['-f', INPUT]);
    const sockets = Array.from({ length: 120 }, (_, i) => net.connect(i % 4 === 0 ? admin : port, '127.0.0.1'));
    for (const socket of sockets) socket.on('error', () => undefined);
    await sleep(500);
    for (const socket of sockets) socket.destroy();
    await sleep(200);
    expect((await get(port)).body).toBe('hi');
  });

  test('a port that is taken at a reload', async () => {
    const config = folder();
    copyFileSync(INPUT, join(config, 'input.yaml'));
    const blocker = net.createServer();
    await new Promise<void>((done) => blocker.listen(0, '127.0.0.1', done));
    const taken = (blocker.address() as net.AddressInfo).port;
    const { port, err, until } = await start('exec MESHGW', ['-f', config, '--watch', '--listen', `81=${taken}`]);
    const second = readFileSync(INPUT, 'utf8').replace(
      '    hosts: ["*"]',
      '    hosts: ["*"]\n  - port: {number: 81, name: other, protocol: HTTP}\n    hosts: ["*"]',
    );
    writeFileSync(join(config, 'input.yaml'), second);
    await until(() => err().includes('is in use by another program'));
    expect((await get(port)).body).toBe('hi');
    blocker.close();
  });
});

describe('bugs', () => {
  test('an exception and a rejection that nothing caught are reported once, with their stack', async () => {
    const bug = `setInterval(() => { throw new Error('injected exception'); }, 1500).unref();
      setInterval(() => { Promise.reject(new Error('injected rejection')); }, 1500).unref();`;
    const { port, err, until } = await start('exec MESHGW', ['-f', INPUT], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}`,
    });
    await until(() => err().includes('injected exception') && err().includes('injected rejection'));
    await sleep(1_700);
    expect(err().match(/injected exception/g)).toHaveLength(1);
    expect(err()).toMatch(
      /internal error in meshgw: please report it; serve keeps running\nError: injected exception\n {4}at /,
    );
    expect((await get(port)).body).toBe('hi');
  });

  test('each place is reported once, and no more than a screen', () => {
    const said: string[] = [];
    const onBug = bugReporter((text) => said.push(text));
    for (let i = 0; i < 50; i++) onBug(new Error(`request ${i}`));
    expect(said).toHaveLength(1);
    for (let i = 0; i < 50; i++) onBug(Object.assign(new Error(), { stack: `Error\n    at place${i} (file:1:1)` }));
    expect(said).toHaveLength(21);
    expect(said.at(-1)).toMatch(/^too many internal errors/);
    const long: string[] = [];
    bugReporter((text) => long.push(text))(new Error('x'.repeat(1e6)));
    bugReporter((text) => long.push(text))(Object.create(null));
    expect(long[0]?.length).toBeLessThan(3_000);
    expect(long[1]).toContain('cannot be shown');
  });
});

describe('workers', () => {
  const workersOf = (child: ChildProcess) =>
    readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

  test('those that die are replaced, also all at once, and while the files are broken', async ({ skip }) => {
    if (!existsSync('/proc/self/task')) return skip('no /proc here');
    const config = folder();
    copyFileSync(INPUT, join(config, 'input.yaml'));
    const { child, port, err, until } = await start('exec MESHGW', ['-f', config, '--workers', '2']);
    await until(() => workersOf(child).length === 2);
    for (let round = 0; round < 3; round++) {
      for (const pid of workersOf(child)) process.kill(pid, 'SIGKILL');
      await until(() => answers(port));
    }
    writeFileSync(join(config, 'input.yaml'), 'kind: [');
    for (const pid of workersOf(child)) process.kill(pid, 'SIGKILL');
    await until(() => err().includes('in 400 ms'));
    copyFileSync(INPUT, join(config, 'input.yaml'));
    await until(() => answers(port));
    const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    child.kill('SIGTERM');
    expect(await ended, err()).toBe(0);
  });
});
