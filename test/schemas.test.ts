// schemas/ is what the generator makes of the upstream files: regenerated and compared where those are there.

import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { generateCrdSets, missingModule } from './schemas/generate-crd-sets.js';
import { generateModule, MODULES, missingModule as missingCrds } from './schemas/generate-module-crds.js';
import { generateSchemas } from './schemas/generate-schemas.js';
import { hasUpstream, upstream } from './upstream.js';

const folder = resolve(import.meta.dirname, '../schemas');

const own = new Set(
  readdirSync('src/dialects', { recursive: true, encoding: 'utf8' })
    .filter((f) => /^[^/]+\/schemas\//.test(f))
    .map((f) => f.split('/schemas/')[1]),
);

const isOf = (group: string) => (name: string) => name.replace('cel/', '').startsWith(`${group}.`);

const allCommitted = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // The schema of meshgw's own configuration file is written by hand.
    .filter((name) => name.endsWith('.json') && name !== 'meshgw.config.schema.json')
    // Sets of CRDs have their own test.
    .filter((name) => !name.startsWith('crds/'))
    // Those of a dialect's own folder are copied by `npm run generate`.
    .filter((name) => !own.has(name))
    .sort();
const committed = (): string[] => allCommitted().filter((name) => !MODULES.some(({ group }) => isOf(group)(name)));

test.skipIf(!hasUpstream)(
  `schemas/ is up to date${hasUpstream ? '' : ` (skipped: ${upstream} is not here)`}`,
  async () => {
    const files = generateSchemas(upstream);
    for (const [name, text] of files) await expect(text).toMatchFileSnapshot(resolve(folder, name));
    expect([...files.keys()].sort()).toEqual(committed());
  },
);

for (const module of MODULES) {
  const absent = missingCrds(module);
  test.skipIf(absent)(
    `schemas of ${module.title}'s kinds are up to date${absent ? ` (skipped: ${absent} is not here)` : ''}`,
    async () => {
      const files = generateModule(module);
      for (const [name, text] of files) await expect(text).toMatchFileSnapshot(resolve(folder, name));
      expect([...files.keys()].sort()).toEqual(allCommitted().filter(isOf(module.group)));
    },
  );
}

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
