// Names that every object of JavaScript inherits are names like any other: they stand in every place of the files of
// fixtures/javascript-names that holds a word (WORD there), and in flags, and every command answers.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Io } from '../src/cli/io.js';
import { run } from '../src/cli/run.js';
import { COMMANDS } from './files-fuzz/commands.js';
import { INHERITED } from './files-fuzz/words.js';

const FIXTURES = 'fixtures/javascript-names';
const CONFIGS = ['istio', 'kubernetes', 'gateway-api'];
const REQUESTS = ['requests.yaml', 'archive.har', 'router-check.yaml', 'config-validator.yaml', 'access.log'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshgw-names-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function meshgw(cwd: string, argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    cwd,
    env: {},
    stdout: { write: (t) => void (out += t), isTTY: false, columns: 80 },
    stderr: { write: (t) => void (err += t), isTTY: false, columns: 80 },
    stdin: async () => Buffer.alloc(0),
    stopSignal: async () => undefined,
    now: () => Date.parse('2026-11-22T00:00:00Z'),
  };
  return { code: await run(argv, io), out, err };
}

/** The fixtures with the word in every place, and under the names that COMMANDS use. */
function folderFor(word: string, config: string): string {
  const to = join(folder, `${word}-${config}`);
  mkdirSync(to);
  const filled = (name: string) => readFileSync(join(FIXTURES, name), 'utf8').replaceAll('WORD', word);
  for (const name of readdirSync(FIXTURES)) writeFileSync(join(to, name), filled(name));
  writeFileSync(join(to, 'input.yaml'), filled(`${config}.yaml`));
  writeFileSync(join(to, 'other.yaml'), CONFIGS.map((name) => filled(`${name}.yaml`)).join('\n---\n'));
  return to;
}

const withFlags = (word: string): (readonly string[])[] => {
  const input = ['-f', 'other.yaml'];
  return [
    ...REQUESTS.map((file) => ['simulate', ...input, '--gateway', 'istio=ingressgateway', '--requests', file]),
    ['simulate', ...input, '--gateway', 'istio=ingressgateway', '--check', 'requests.yaml', '--strict'],
    ['simulate', ...input, '--gateway', word, 'http://a.example.com/'],
    ['simulate', ...input, `http://${word}/${word}?${word}=${word}`, '-X', word, '-H', `${word}: ${word}`, '--trace'],
    ['lint', 'other.yaml', '--rule', `${word}=off`],
    ['lint', 'other.yaml', '--rule', `MGW0101=${word}`],
    ['lint', '--explain', word],
    ['lint', 'other.yaml', '--config', 'meshgw.config.yaml'],
    ['lint', 'other.yaml', '-o', word],
    ['lint', 'other.yaml', '--preset', word],
    ['lint', 'other.yaml', '--class', `${word}=nginx`],
    ['lint', 'other.yaml', '--class', `nginx=${word}`],
    ['lint', 'other.yaml', '--class-semantics', word],
    ['routes', ...input, '--gateway', word, '-n', word],
    ['routes', ...input, '--jwks', `${word}=input.yaml`],
    ['convert', word, ...input],
    ['convert', `${word}-to-istio`, ...input],
    ['convert', 'ingress-to-istio', ...input, '--target-gateway', `${word}/${word}=${word}`],
    ['ways-in', ...input, '--service', word],
    ['ways-in', ...input, '--advise', '--need', word],
    ['serve', ...input, '--gateway', word, '--host', '127.91.17.4'],
    [
      'serve',
      ...input,
      '--gateway',
      'istio=ingressgateway',
      '--host',
      '127.91.17.4',
      '--upstream',
      `${word}=http://127.0.0.1:9`,
    ],
    [word],
    ['lint', `--${word}`],
  ];
};

describe.each(INHERITED)('%s', (word) => {
  test.each(CONFIGS)('in all places of %s', async (config) => {
    const cwd = folderFor(word, config);
    for (const argv of config === 'istio' ? [...COMMANDS, ...withFlags(word)] : COMMANDS) {
      const { code, err } = await meshgw(cwd, argv);
      expect(err, argv.join(' ')).not.toContain('internal error in meshgw');
      expect([0, 1, 2], argv.join(' ')).toContain(code);
    }
  });
});

test('a header with such a name is matched, shown and tested like any other', async () => {
  const cwd = join(folder, 'header');
  mkdirSync(cwd);
  for (const name of INHERITED) {
    writeFileSync(
      join(cwd, 'a.yaml'),
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: g}
spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v}
spec:
  hosts: [a.example.com]
  gateways: [g]
  http:
    - match: [{headers: {${name.toLowerCase()}: {exact: b}}}]
      route: [{destination: {host: web, port: {number: 80}}}]
`,
    );
    const answer = async (...more: string[]) =>
      JSON.parse(
        (await meshgw(cwd, ['simulate', '-f', 'a.yaml', 'http://a.example.com/', '-o', 'json', ...more])).out,
      )[0];
    expect((await answer('-H', `${name}: b`)).status, name).toBe(200);
    expect((await answer()).status, name).toBe(404);
    expect((await meshgw(cwd, ['routes', '-f', 'a.yaml'])).out).toContain(`header ${name.toLowerCase()} = b`);
    const tests = JSON.parse((await meshgw(cwd, ['generate-tests', '-f', 'a.yaml'])).out) as {
      request: { headers?: Record<string, string> };
    }[];
    expect(
      tests.some((t) =>
        Object.entries(t.request.headers ?? {}).some(([k, v]) => k === name.toLowerCase() && v === 'b'),
      ),
    ).toBe(true);
  }
});
