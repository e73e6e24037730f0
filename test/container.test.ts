// The image and the compose file, as far as they can be tried without an engine: the steps of one, the commands of the other.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { meshgwIn } from './run-cli.js';
import { startServe } from './serve/command.js';

interface Service {
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly volumes?: readonly string[];
}

const dockerfile = readFileSync('docker/Dockerfile', 'utf8');
const compose = parse(readFileSync('docker/compose.yaml', 'utf8')) as {
  readonly services: Readonly<Record<string, Service>>;
};
const service = (name: string): Service => new Map(Object.entries(compose.services)).get(name)!;
const CONFIG = 'fixtures/article/gateway.yaml';
const folder = mkdtempSync(join(tmpdir(), 'meshgw-container-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the image is built by scripts that there are, from files that are not left out, and does not run as root', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const runs = [...dockerfile.matchAll(/^RUN (.+)$/gm)].map((m) => m[1]!);
  expect(runs).toEqual(['npm ci --ignore-scripts --no-audit --no-fund', 'npm run release']);
  expect(Object.keys(scripts)).toContain('release');
  expect(readFileSync('scripts/release.mjs', 'utf8')).toContain("'meshgw.mjs'");
  expect(dockerfile).toContain('/src/dist/release/meshgw.mjs /usr/local/bin/meshgw');
  expect(dockerfile).toMatch(/^USER node$/m);
  const ignored = readFileSync('docker/Dockerfile.dockerignore', 'utf8').trim().split('\n');
  for (const needed of [
    'bin',
    'schemas',
    'scripts',
    'src',
    'package.json',
    'package-lock.json',
    'README.md',
    'LICENSE',
  ])
    expect(ignored).not.toContain(needed);
});

test('what goes into the image is enough to build a release', { timeout: 300_000 }, () => {
  const ignored = readFileSync('docker/Dockerfile.dockerignore', 'utf8').trim().split('\n');
  const names = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  })
    .split('\0')
    .filter((name) => name !== '' && existsSync(name) && !ignored.includes(name.split('/')[0]!));
  execFileSync('tar', ['-cf', join(folder, 'context.tar'), '--null', '-T', '-'], { input: names.join('\0') });
  execFileSync('tar', ['-xf', join(folder, 'context.tar'), '-C', folder]);
  execFileSync('ln', ['-s', join(process.cwd(), 'node_modules'), join(folder, 'node_modules')]);
  const printed = execFileSync('npm', ['run', '--silent', 'release'], { cwd: folder, encoding: 'utf8' });
  expect(
    printed
      .trim()
      .split('\n')
      .map((line) => line.split('/').at(-1)),
  ).toEqual([expect.stringMatching(/^meshgw-.*\.tgz$/), 'meshgw.mjs', 'SHA256SUMS']);
  const version = execFileSync(process.execPath, [join(folder, 'dist/release/meshgw.mjs'), 'version'], { cwd: folder });
  expect(version.toString().trim()).toBe((parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
  const packed = execFileSync('sh', ['-c', 'tar -xzOf dist/release/*.tgz package/package.json'], { cwd: folder });
  expect(Object.keys(JSON.parse(packed.toString()) as object)).not.toContain('scripts');
});

test('the compose file serves its example, and its application answers as a destination', {
  timeout: 60_000,
}, async () => {
  const { entrypoint, command } = service('app');
  const app = spawn(process.execPath, [
    ...entrypoint!.slice(1),
    command![0]!.replace('listen(8000)', 'listen(0, function () { console.log(this.address().port) })'),
  ]);
  try {
    const port = await new Promise<string>((done) => app.stdout.once('data', (chunk) => done(String(chunk).trim())));
    const args = service('meshgw').command!.slice(1);
    const here = args.map((arg) =>
      arg === '/config'
        ? CONFIG
        : arg === '80=8080'
          ? '80=0'
          : arg.replace('httpbin.default.svc.cluster.local:8000', `127.0.0.1:${port}`),
    );
    const serve = await startServe(here);
    const answer = await new Promise<string>((done, failed) => {
      const options = { host: '127.0.0.1', port: serve.ready.listening[80]!, path: '/status' };
      get({ ...options, headers: { host: 'httpbin.example.com' } }, async (res) => {
        let body = '';
        for await (const chunk of res) body += chunk;
        done(body);
      }).on('error', failed);
    });
    expect(answer).toContain('"url":"/status"');
    await serve.stop();
  } finally {
    app.kill();
  }
});

test('the compose file writes a configuration for Envoy', async () => {
  const [line] = service('bootstrap').command!;
  const words = line!.split(' > ')[0]!.split(' ').slice(1);
  const { code, out } = await meshgwIn(
    '.',
    words.map((word) => (word === '/config' ? CONFIG : word)),
  );
  expect(code).toBe(0);
  expect(out).toContain('address: httpbin.default.svc.cluster.local');
  expect(line).toContain('> /envoy/bootstrap.yaml');
  expect(service('envoy').command).toEqual(['-c', '/envoy/bootstrap.yaml']);
});
