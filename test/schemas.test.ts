// schemas/ is what the generator makes of the upstream files: regenerated and compared where those are there.

import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { generateCrdSets, missingModule } from './schemas/generate-crd-sets.js';
import { ENVOY_GATEWAY_GROUP, generateEnvoyGateway, missingEnvoyGateway } from './schemas/generate-envoy-gateway.js';
import { generateSchemas } from './schemas/generate-schemas.js';
import { hasUpstream, upstream } from './upstream.js';

const folder = resolve(import.meta.dirname, '../schemas');

const own = new Set(
  readdirSync('src/dialects', { recursive: true, encoding: 'utf8' })
    .filter((f) => /^[^/]+\/schemas\//.test(f))
    .map((f) => f.split('/schemas/')[1]),
);

const isEnvoyGateways = (name: string): boolean => name.replace('cel/', '').startsWith(`${ENVOY_GATEWAY_GROUP}.`);

const allCommitted = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // The schema of meshgw's own configuration file is written by hand.
    .filter((name) => name.endsWith('.json') && name !== 'meshgw.config.schema.json')
    // Sets of CRDs have their own test.
    .filter((name) => !name.startsWith('crds/'))
    // Those of a dialect's own folder are copied by `npm run generate`.
    .filter((name) => !own.has(name))
    .sort();
const committed = (): string[] => allCommitted().filter((name) => !isEnvoyGateways(name));

test.skipIf(!hasUpstream)(
  `schemas/ is up to date${hasUpstream ? '' : ` (skipped: ${upstream} is not here)`}`,
  async () => {
    const files = generateSchemas(upstream);
    for (const [name, text] of files) await expect(text).toMatchFileSnapshot(resolve(folder, name));
    expect([...files.keys()].sort()).toEqual(committed());
  },
);

const noEnvoyGateway = missingEnvoyGateway();
test.skipIf(noEnvoyGateway)(
  `schemas of Envoy Gateway's kinds are up to date${noEnvoyGateway ? ` (skipped: ${noEnvoyGateway} is not here)` : ''}`,
  async () => {
    const files = generateEnvoyGateway();
    for (const [name, text] of files) await expect(text).toMatchFileSnapshot(resolve(folder, name));
    expect([...files.keys()].sort()).toEqual(allCommitted().filter(isEnvoyGateways));
  },
);

const missing = missingModule();
test.skipIf(missing)(`schemas/crds/ is up to date${missing ? ` (skipped: ${missing} is not here)` : ''}`, async () => {
  const base = new Map(committed().map((name) => [name, readFileSync(resolve(folder, name), 'utf8')]));
  const files = generateCrdSets(base);
  for (const [name, text] of files) await expect(text).toMatchFileSnapshot(resolve(folder, name));
  const found = readdirSync(resolve(folder, 'crds'), { recursive: true, encoding: 'utf8' });
  expect(
    found
      .filter((name) => name.endsWith('.json'))
      .map((name) => `crds/${name}`)
      .sort(),
  ).toEqual([...files.keys()].sort());
});
