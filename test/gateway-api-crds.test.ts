// What each set of the Gateway API's CRDs makes of experimental fields: what lint says, and what is left of them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert } from '../src/api/convert.js';
import { lint } from '../src/api/lint.js';
import { load } from '../src/api/load.js';
import { type Delivery, routesOf } from '../src/model/index.js';

const FOLDER = 'fixtures/gateway-api-crds/cases';

const SETS: readonly (readonly [title: string, flags: Readonly<Record<string, string>>])[] = [
  ['nothing said', {}],
  ...['1.6', '1.7'].flatMap((version) =>
    ['standard', 'experimental'].map(
      (channel) =>
        [`${version}, ${channel}`, { 'gateway-api-version': version, 'gateway-api-channel': channel }] as const,
    ),
  ),
];

const retriesOf = ({ retries }: Delivery): string => (retries ? `${retries.attempts} on ${retries.on}` : 'none');

test('what `convert --allow-experimental` writes passes lint where the CRDs have it', async () => {
  const text = readFileSync('fixtures/gateway-api-crds/istio-retries.yaml', 'utf8');
  const { yaml } = convert(await load({ file: 'input.yaml', text }), {
    from: 'istio',
    to: 'gateway-api',
    allowExperimental: true,
  });
  expect(yaml).toContain('retry:');
  for (const [title, flags] of SETS.slice(1)) {
    const { diagnostics } = await lint(await load({ file: 'output.yaml', text: yaml }, { flags }));
    const codes = diagnostics.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
    expect([title, codes]).toEqual([title, title === '1.6, standard' ? ['MGW0018'] : []]);
  }
});

describe('sets of CRDs', () => {
  for (const name of readdirSync(FOLDER).sort())
    test(name, async () => {
      const text = readFileSync(join(FOLDER, name, 'input.yaml'), 'utf8');
      const parts: string[] = [];
      for (const [title, flags] of SETS) {
        const config = await load({ file: 'input.yaml', text }, { flags });
        const { diagnostics } = await lint(config);
        const routes = config.gateways.flatMap(routesOf);
        parts.push(
          `# ${title}`,
          ...config.assumptions.map(({ message }) => `assumed: ${message}`),
          ...diagnostics.map((d) => `${d.severity} ${d.code} ${d.resource?.kind} ${d.path}: ${d.message}`),
          ...routes.flatMap(({ action, origin }) =>
            action.kind === 'forward' && action.delivery
              ? [`retries of ${origin.resource.name}: ${retriesOf(action.delivery)}`]
              : [],
          ),
        );
      }
      await expect(`${parts.join('\n')}\n`).toMatchFileSnapshot(join('..', FOLDER, name, 'expected.txt'));
    });
});
