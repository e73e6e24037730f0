// validateResource against what the real systems said: no finding on anything they accept, and a finding wherever the
// reason they gave is the schema's (and not CEL or code, which is lint's part).

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadSources, placeOf } from '../src/sources/index.js';
import { schemaOf } from '../src/sources/schema/index.js';
import { validateResource } from '../src/sources/schema/validate.js';

interface Verdict {
  readonly name: string;
  readonly verdict: 'valid' | 'warning' | 'error';
  readonly apiServer?: 'valid' | 'error';
  readonly messages: readonly string[];
}

const truth = resolve(import.meta.dirname, '../fixtures/truth');
const load = (inputs: string[], cwd: string) => loadSources(inputs, { cwd, readStdin: async () => '' });

/** How the API server words what a CRD's schema says. */
const SCHEMA_WORDS =
  /: Required value$|Unsupported value|should match|should be (?:less|greater|at least|at most)|should have at|must be of type|must validate one and only one|unknown field/;

for (const folder of ['istio', 'gateway-api']) {
  test(`validate/${folder}: schema findings exactly where the API server has them`, async () => {
    const cwd = join(truth, 'validate', folder);
    const verdicts = JSON.parse(readFileSync(join(cwd, 'verdicts.json'), 'utf8')) as Verdict[];
    const wrong: string[] = [];
    for (const { name, verdict, apiServer = verdict, messages } of verdicts) {
      const { resources, diagnostics } = await load([`${name}.yaml`], cwd);
      const found = [...diagnostics, ...resources.flatMap(validateResource)];
      const wanted = apiServer === 'error' && messages.some((m) => SCHEMA_WORDS.test(m.trim()));
      if (wanted && found.length === 0) wrong.push(`${name}: nothing found, but ${messages.join(' | ')}`);
      if (apiServer !== 'error' && found.length > 0)
        wrong.push(`${name}: accepted, but ${found.map((d) => d.message)}`);
    }
    expect(wrong).toEqual([]);
  });
}

test('validate/kubernetes: no finding on what the API server accepts', async () => {
  const cwd = join(truth, 'validate/kubernetes');
  const verdicts = JSON.parse(readFileSync(join(cwd, 'verdicts.json'), 'utf8')) as Verdict[];
  for (const { name } of verdicts.filter((v) => v.verdict !== 'error')) {
    const { resources } = await load([`${name}.yaml`], cwd);
    expect({ name, found: resources.flatMap(validateResource) }).toEqual({ name, found: [] });
  }
});

test.each(['istio', 'ingress-nginx'])('%s: every recorded configuration fits its schema', async (folder) => {
  const { resources } = await load([folder], truth);
  const found = resources.flatMap(validateResource).map((d) => `${placeOf(d.place).file}: ${d.message}`);
  expect(found).toEqual([]);
  expect(resources.filter((r) => schemaOf(r)).length).toBeGreaterThan(500);
});
