// --workers with what shows and writes for all: the admin port, the recording, the live view, notices. Real processes and sockets.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createOnceForAll } from '../src/cli/once-for-all.js';
import { createStats, ended, sumOf } from '../src/serve/stats.js';
import { ensureBuilt } from './build.js';
import { ask } from './serve/raw-client.js';
import { until } from './until.js';

const INPUT = readFileSync('fixtures/serve/survive/input.yaml', 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'meshgw-workers-'));
const started: ChildProcess[] = [];
beforeAll(ensureBuilt, 240_000);
afterEach(async () => {
  for (const child of started.splice(0)) {
    child.kill('SIGTERM');
    await until(() => child.exitCode !== null || child.signalCode !== null);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const PROGRAM = ['bin/meshgw.js', 'serve', '--workers', '2', '--listen', '80=0', '-o', 'json'];
const get = (port: number, path: string, host = 'a.example.com', waitMs?: number) =>
  ask(port, `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`, waitMs);

/** Resolves when both workers listen. */
async function start(args: readonly string[]) {
  const child = spawn(process.execPath, [...PROGRAM, '--admin', '0', ...args]);
  started.push(child);
  const [out, err] = [child.stdout, child.stderr].map((stream) => {
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
    });
    return () => text;
  }) as [() => string, () => string];
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  const reaches = async (done: () => boolean | Promise<boolean>) => expect(await until(done), err()).toBe(true);
  await reaches(() => out().endsWith('\n') || child.exitCode !== null);
  expect(out(), err()).not.toBe('');
  const { listening, admin } = JSON.parse(out()) as { listening: Record<string, number>; admin: number };
  const page = async (path: string) => (await get(admin, path, 'localhost')).body;
  const number = async (name: string) => {
    const line = (await page('/stats')).split('\n').find((l) => l.startsWith(`meshgw_${name} `));
    return Number(line?.split(' ').at(-1));
  };
  await reaches(async () => (await number('workers')) === 2);
  return { child, exit, out, err, page, number, reaches, port: listening['80'] as number };
}

const workersOf = (child: ChildProcess) =>
  readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

test('the admin port answers for all, also for those that have ended', { timeout: 120_000 }, async ({ skip }) => {
  if (!existsSync('/proc/self/task')) return skip('no /proc here');
  const { child, port, page, number, reaches } = await start(['-f', 'fixtures/serve/survive/input.yaml']);
  const answers = await Promise.all(Array.from({ length: 20 }, () => get(port, '/direct')));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(await number('responses_total{status="200"}')).toBe(20);
  expect(await number('connections_total')).toBe(20);
  expect(await page('/ready')).toBe('LIVE\n');
  expect(JSON.parse(await page('/config')).id).toBe('istio=ingressgateway');
  expect(await page('/routes')).toContain('a.example.com');
  expect(await page('/nothing')).toContain('/metrics');
  const [first] = workersOf(child);
  process.kill(first as number, 'SIGKILL');
  await reaches(async () => !workersOf(child).includes(first as number) && (await number('workers')) === 2);
  // Counters of Prometheus never go down.
  expect(await number('responses_total{status="200"}')).toBe(20);
  expect(await number('connections')).toBe(0);
});

test('all die at once: those that follow listen on the same port', { timeout: 120_000 }, async ({ skip }) => {
  if (!existsSync('/proc/self/task')) return skip('no /proc here');
  const { child, port, reaches } = await start(['-f', 'fixtures/serve/survive/input.yaml']);
  for (const pid of workersOf(child)) process.kill(pid, 'SIGKILL');
  // A connection that was on its way to one of them stays without an answer.
  await reaches(() =>
    get(port, '/direct', undefined, 1_000).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
});

test('a recording of all is whole at any time, and holds every exchange once', { timeout: 120_000 }, async () => {
  const file = join(folder, 'record.json');
  const { child, port, exit, err } = await start([
    ...['-f', 'fixtures/serve/survive/input.yaml', '--record', file, '--access-log', 'off'],
  ]);
  const paths = Array.from({ length: 300 }, (_, i) => `/direct?n=${i}&${'x'.repeat(i * 10)}`);
  const recorded = (): { request: { path: string } }[] => JSON.parse(readFileSync(file, 'utf8'));
  for (let at = 0; at < paths.length; at += 30) {
    await Promise.all(paths.slice(at, at + 30).map((path) => get(port, path)));
    expect(recorded().length).toBeLessThanOrEqual(at + 30);
  }
  // What was not written yet is written before they end.
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(
    recorded()
      .map(({ request }) => request.path)
      .sort(),
  ).toEqual([...paths].sort());
  expect(err().match(/holds what clients send/g)).toHaveLength(1);
});

test('what all of them say of the configuration is said once', { timeout: 120_000 }, async () => {
  const input = join(folder, 'input.yaml');
  writeFileSync(input, INPUT);
  const { child, exit, err, number, reaches } = await start([
    ...['-f', input, '--watch', '--upstream', 'nosuch=http://127.0.0.1:1'],
  ]);
  const times = (text: RegExp) => err().match(text)?.length ?? 0;
  writeFileSync(input, INPUT.replace('prefix: /direct', 'prefix: /other'));
  await reaches(async () => (await number('reloads_total')) === 2);
  await reaches(() => err().includes('reloaded'));
  writeFileSync(input, 'kind: [');
  await reaches(() => err().includes('not reloaded'));
  writeFileSync(input, INPUT);
  await reaches(async () => (await number('reloads_total')) === 4 && times(/^reloaded/gm) === 2);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect([times(/--upstream nosuch/g), times(/^not reloaded/gm), times(/^draining/gm)], err()).toEqual([1, 1, 1]);
});

describe('what cannot run', () => {
  const ran = (...args: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, [...PROGRAM, ...args], { encoding: 'utf8' });
    return { status, stderr };
  };
  test('is said once, with exit code 2, and loses no recording', () => {
    const file = join(folder, 'kept.json');
    writeFileSync(file, 'kept');
    const { status, stderr } = ran('-f', join(folder, 'nosuch'), '--record', file);
    expect([status, stderr.match(/no such file/g)?.length]).toEqual([2, 1]);
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });
  test('a recording that cannot be written, a live view without a terminal', () => {
    const { status, stderr } = ran('-f', 'fixtures/serve/survive/input.yaml', '--record', folder);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`cannot write ${folder}`)]);
    expect(ran('-f', 'fixtures/serve/survive/input.yaml', '--tui').stderr).toContain('needs a terminal');
  });
});

test('standard input reaches all of them', { timeout: 120_000 }, async () => {
  const child = spawn(process.execPath, [...PROGRAM, '--admin', '0', '-f', '-']);
  started.push(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin.end(INPUT);
  await until(() => out.endsWith('\n'));
  const { admin } = JSON.parse(out);
  expect(
    await until(async () => (await get(admin, '/stats', 'localhost')).body.includes('meshgw_workers 2')),
    err,
  ).toBe(true);
  expect(err).not.toContain('ended');
});

describe('parts', () => {
  test('a text of several is said as often as by the one who said it most', () => {
    const said: string[] = [];
    const once = createOnceForAll((text) => said.push(text));
    for (const [who, text] of [
      [1, 'a'],
      [2, 'a'],
      [2, 'b'],
      [1, 'b'],
      [1, 'a'],
    ] as const)
      once.say(who, text);
    // One that comes later has heard what was said.
    once.join(3);
    once.say(3, 'a');
    once.say(2, 'a');
    expect(said).toEqual(['a', 'b', 'a', 'a']);
  });

  test('counters of several are added; of one that has ended nothing is open', () => {
    const one = createStats();
    one.connections = 2;
    one.retries = 1;
    one.count('a:80', 200, '', 3);
    const two = createStats();
    two.count('a:80', 200, 'UF,UC', 700);
    two.count('', 404, 'NR', 1);
    const sum = sumOf([ended(one.counts()), two.counts()]);
    expect(sum).toMatchObject({ connections: 0, retries: 1 });
    expect(sum.byStatus).toEqual([
      [200, 2],
      [404, 1],
    ]);
    expect(sum.byFlag.map(([flag]) => flag)).toEqual(['UF', 'UC', 'NR']);
    const [destination, { requests, durationMs, buckets }] = sum.byDestination[0]!;
    expect([destination, requests, durationMs]).toEqual(['a:80', 2, 703]);
    expect(buckets.reduce((total, n) => total + n, 0)).toBe(2);
  });
});

const SESSION = `meshgw-workers-${process.pid}`;
const tmux = (...args: string[]) => execFileSync('tmux', ['-L', SESSION, ...args], { encoding: 'utf8' });
const pane = () => tmux('capture-pane', '-t', SESSION, '-p');

if (spawnSync('tmux', ['-V']).status !== 0)
  test('NOT RUN, there is no tmux here: the live view of all', () => expect(SESSION).not.toBe(''));
else
  test('the live view shows the exchanges of all', { timeout: 120_000 }, async () => {
    try {
      tmux('new-session', '-d', '-s', SESSION, '-x', '80', '-y', '24', 'env -u CI NO_COLOR=1 PS1=prompt- sh');
      const command = 'node bin/meshgw.js serve -f fixtures/article/gateway.yaml --listen 80=0 --tui --workers 2';
      tmux('send-keys', '-t', SESSION, command, 'Enter');
      expect(await until(() => /80 on :\d+/.test(pane())), pane()).toBe(true);
      const port = Number(/80 on :(\d+)/.exec(pane())?.[1]);
      for (let i = 0; i < 8; i++) await get(port, `/status/${i}`, 'httpbin.example.com');
      expect(await until(() => (pane().match(/GET +\/status\/\d/g)?.length ?? 0) === 8), pane()).toBe(true);
      expect(pane()).not.toContain('"GET /status');
      tmux('send-keys', '-t', SESSION, 'q');
      expect(await until(() => /draining.*\nprompt-\s*$/.test(pane())), pane()).toBe(true);
    } finally {
      spawnSync('tmux', ['-L', SESSION, 'kill-server']);
    }
  });
