// The command line as one file: in a folder without node_modules it says and does what the package does.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from './build.js';

let folder = '';
let file = '';
beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'meshgw-single-'));
  file = join(folder, 'meshgw.mjs');
  execFileSync(process.execPath, ['scripts/single-file.mjs', file]);
  copyFileSync('fixtures/lint/outputs/input.yaml', join(folder, 'input.yaml'));
  copyFileSync('fixtures/article/ingress.yaml', join(folder, 'ingress.yaml'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const BIN = resolve('bin/meshgw.js');
const asked = (program: string, args: readonly string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' });
  return { stdout, stderr, status };
};

test.each([
  ['--version'],
  // Schemas.
  ['lint', 'input.yaml', '-o', 'sarif'],
  ['lint', 'input.yaml', '--fix', '--dry-run'],
  ['convert', 'ingress-to-istio', '-f', 'ingress.yaml', '--verify'],
  ['convert', 'ingress-to-gateway-api', '-f', 'ingress.yaml'],
  // The page.
  ['ways-in', '-f', 'ingress.yaml', '-o', 'html'],
  ['completion', 'zsh'],
])('says what the package says: %s %s', { timeout: 60_000 }, (...args) => {
  expect(asked(file, args)).toEqual(asked(BIN, args));
});

test('serves with a certificate that it makes', { timeout: 60_000 }, async () => {
  const input = resolve('fixtures/serve/traffic/input.yaml');
  const listen = ['80', '443', '9000'].flatMap((port) => ['--listen', `${port}=0`]);
  const child = spawn(process.execPath, [file, 'serve', '-f', input, ...listen, '-o', 'json'], { cwd: folder });
  try {
    let out = '';
    for await (const chunk of child.stdout) {
      out += chunk;
      if (out.endsWith('\n')) break;
    }
    const { listening, ca } = JSON.parse(out) as { listening: Record<string, number>; ca: string };
    const status = await new Promise((done, failed) => {
      const options = {
        port: listening['443']!,
        ca,
        servername: 'shop.example.com',
        headers: { host: 'shop.example.com' },
      };
      get({ host: '127.0.0.1', path: '/', ...options }, (answer) => done(answer.statusCode)).on('error', failed);
    });
    expect(status).toEqual(expect.any(Number));
  } finally {
    child.kill();
  }
});

test('holds the licences of what is in it, and the mode of a program', () => {
  const text = readFileSync(file, 'utf8');
  for (const name of ['undici', 'ajv', 'yaml', 'commander', 'react-reconciler'])
    expect(text).toMatch(new RegExp(`^${name} \\d[\\d.]* \\(MIT|^${name} \\d[\\d.]* \\(ISC`, 'm'));
  expect(statSync(file).mode & 0o111).toBe(0o111);
});

test.each(['18.20.8', '20.18.3'])('Node %s is told so in one sentence', (version) => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;
  for (const program of [file, BIN])
    expect(spawnSync(process.execPath, ['--import', pretend, program, 'lint'], { encoding: 'utf8' })).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `error: meshgw needs Node 20.19 or newer, and this is Node ${version}\n`,
    });
});
