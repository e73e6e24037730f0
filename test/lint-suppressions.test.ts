// `# meshgw-ignore CODE reason` on the line or above it; a comment without a use is an info.

import { expect, test } from 'vitest';
import { readGateways } from '../src/dialects/read.js';
import { runLint } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

async function findings(gatewayLines: string): Promise<string[]> {
  const sources = parseSource(
    'a.yaml',
    `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: shop}\nspec:\n  servers:\n  - port: {number: 80, name: http, protocol: HTTP}\n    hosts:\n${gatewayLines}\n`,
  );
  const catalog = catalogOf(sources.resources);
  const { diagnostics } = await runLint({ sources, catalog, ...readGateways(catalog, {}) });
  return diagnostics.map((d) => `${d.position.line} ${d.code} ${d.severity}`);
}

const CASES: readonly [name: string, lines: string, expected: readonly string[]][] = [
  ['without a comment', '    - shop', ['8 MGW0303 error']],
  ['on the line', '    - shop # meshgw-ignore MGW0303 an old client', []],
  ['above the line', '    # meshgw-ignore MGW0303 an old client\n    - shop', []],
  ["by Istio's code", '    - shop # meshgw-ignore IST0106 an old client', []],
  ['of another code', '    - shop # meshgw-ignore MGW0101 an old client', ['8 MGW0303 error', '8 MGW0901 info']],
  ['of several codes', '    - shop # meshgw-ignore MGW0101, MGW0303 an old client', []],
  [
    'two lines above',
    '    # meshgw-ignore MGW0303 too far\n    # another comment\n    - shop',
    ['8 MGW0901 info', '10 MGW0303 error'],
  ],
  ['with nothing to ignore', '    - shop.example.com # meshgw-ignore MGW0303 gone', ['8 MGW0901 info']],
];

for (const [name, lines, expected] of CASES)
  test(`a suppression ${name}`, async () => {
    expect(await findings(lines)).toEqual(expected);
  });
