// Lint agrees with what Istio's webhook and the CRDs said of each object of fixtures/lint/policies: error, warning or
// neither. Recorded by `npm run real -- istio judge fixtures/lint/policies/*` (test/real/istio).

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lintKnowledge } from '../src/api/lint-knowledge.js';
import { runLint } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

interface Verdict {
  readonly name: string;
  readonly verdict: 'valid' | 'warning' | 'error';
  readonly messages: readonly string[];
}

const root = 'fixtures/lint/policies';
/** What Istio accepts without a word, although it has no effect: paths that no request has, annotations that are read elsewhere. */
const BEYOND_ISTIO = new Set(['MGW0165', 'MGW1222']);

for (const family of readdirSync(root))
  test(`lint/policies/${family}`, async () => {
    const recorded = JSON.parse(readFileSync(`${root}/${family}/verdicts.json`, 'utf8')) as Verdict[];
    const sources = parseSource('objects.yaml', readFileSync(`${root}/${family}/objects.yaml`));
    const loaded = { sources, catalog: catalogOf(sources.resources), gateways: [], notes: [] };
    const { diagnostics } = await runLint(loaded, { ...lintKnowledge({}) });
    const told = new Map<string, typeof diagnostics>();
    for (const d of diagnostics) {
      const name = d.resource?.name ?? '';
      told.set(name, [...(told.get(name) ?? []), d]);
    }
    const misses = recorded.flatMap(({ name, verdict, messages }) => {
      const found = (told.get(name) ?? []).filter((d) => !BEYOND_ISTIO.has(d.code));
      const ours = found.some((d) => d.severity === 'error')
        ? 'error'
        : found.some((d) => d.severity === 'warning')
          ? 'warning'
          : 'valid';
      return ours === verdict
        ? []
        : [
            {
              name,
              recorded: `${verdict} ${messages.join('; ')}`,
              ours,
              found: found.map((d) => `${d.code} ${d.message}`),
            },
          ];
    });
    expect(misses).toEqual([]);
    expect(recorded.map((v) => v.name)).toEqual(sources.resources.map((r) => r.name));
    const lines = recorded.flatMap(({ name }) => [
      `${name}\n`,
      ...(told.get(name) ?? []).map((d) => `  ${d.severity} ${d.code} ${d.path}: ${d.message}\n`),
    ]);
    await expect(lines.join('')).toMatchFileSnapshot(`../${root}/${family}/findings.txt`);
  });
