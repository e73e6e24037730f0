// Ways in of the fixtures in all outputs, as the command prints them (fixtures/ways-in/<case>/expected.*).

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run } from '../src/cli/run.js';
import type { WaysIn } from '../src/model/index.js';

const root = 'fixtures/ways-in';

async function waysIn(
  ...args: string[]
): Promise<{ readonly out: string; readonly err: string; readonly code: number }> {
  let [out, err] = ['', ''];
  const output = (write: (text: string) => void) => ({ write, isTTY: false, columns: 80 });
  const code = await run(['ways-in', ...args], {
    cwd: process.cwd(),
    env: {},
    stdout: output((text) => (out += text)),
    stderr: output((text) => (err += text)),
    stdin: async () => Buffer.alloc(0),
    now: () => 0,
  });
  return { out, err, code };
}

const FORMATS = [
  ['text', 'txt'],
  ['json', 'json'],
  ['mermaid', 'mmd'],
] as const;

for (const name of readdirSync(root).sort())
  for (const [format, ending] of FORMATS)
    test(`${name}: ${format}`, async () => {
      const { out, err, code } = await waysIn('-f', `${root}/${name}`, '--advise', '-o', format);
      expect({ err, code }).toEqual({ err: '', code: 0 });
      await expect(out).toMatchFileSnapshot(`../${root}/${name}/expected.${ending}`);
    });

test("the article's two configurations are two ways to one service", async () => {
  const { out } = await waysIn('-f', 'fixtures/article', '-o', 'json');
  const { version, services } = JSON.parse(out) as WaysIn;
  expect(version).toBe(1);
  expect(services.map((s) => s.host)).toEqual(['httpbin.default.svc.cluster.local']);
  expect(services[0]!.ways.map((w) => [w.kind, w.class, w.port, w.hosts, w.path, w.reach])).toEqual([
    ['ingress', 'istio', 80, ['httpbin.example.com'], expect.stringContaining('/status'), 'reached'],
    ['istio-gateway', undefined, 80, ['httpbin.example.com'], expect.stringContaining('/status'), 'reached'],
  ]);
});

test('a feature that is asked for and not there is missing; products are named as such', async () => {
  const { out } = await waysIn('-f', 'fixtures/article', '--need', 'rate-limit', '--need', 'billing', '-o', 'json');
  const { advice } = (JSON.parse(out) as WaysIn).services[0]!;
  expect(advice?.approach).toBe('api-gateway');
  expect(advice?.verdict).toContain('metering and billing');
  expect(advice?.missing.filter((m) => m.includes('required, but no way')).length).toBe(2);
});

test('one service by its name; a name that is not there, a feature nobody knows', async () => {
  const { out } = await waysIn('-f', 'fixtures/ways-in/shop', '--service', 'ledger');
  expect(out.startsWith('shop/ledger')).toBe(true);
  expect(out).not.toContain('shop/web');
  expect((await waysIn('-f', 'fixtures/article', '--service', 'nobody')).code).toBe(2);
  const unknown = await waysIn('-f', 'fixtures/article', '--need', 'magic');
  expect(unknown.code).toBe(2);
  expect(unknown.err).toContain('rate-limit');
});

test('docs/choosing.md shows what the commands print; -u writes it anew', async () => {
  const page = readFileSync('docs/choosing.md', 'utf8');
  const blocks = page.split(/(```console\n[\s\S]*?```)/);
  const rendered = await Promise.all(
    blocks.map(async (block) => {
      const command = /^```console\n\$ meshgw ways-in (.*)\n/.exec(block)?.[1];
      if (command === undefined) return block;
      return `\`\`\`console\n$ meshgw ways-in ${command}\n${(await waysIn(...command.split(' '))).out}\`\`\``;
    }),
  );
  expect(blocks.length).toBeGreaterThan(6);
  await expect(rendered.join('')).toMatchFileSnapshot('../docs/choosing.md');
});
