// Lint agrees with what `istioctl validate` and the API server said about single objects (fixtures/truth/validate):
// error or not error always, warning in at least 95 of 100.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lintKnowledge } from '../src/api/lint-knowledge.js';
import { readGateways } from '../src/dialects/read.js';
import { lintFindings } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

interface Verdict {
  readonly name: string;
  readonly verdict: 'valid' | 'warning' | 'error';
  readonly messages: readonly string[];
}

const root = process.env.VALIDATE_TRUTH ?? 'fixtures/truth/validate';

for (const folder of readdirSync(root).filter((name) => existsSync(`${root}/${name}/verdicts.json`))) {
  test(`validate/${folder}: the verdict of each object`, async () => {
    const verdicts = JSON.parse(readFileSync(`${root}/${folder}/verdicts.json`, 'utf8')) as Verdict[];
    const misses: { name: string; recorded: string; ours: string; why: string }[] = [];
    for (const { name, verdict, messages } of verdicts) {
      const file = `${root}/${folder}/${name}.yaml`;
      const sources = parseSource(file, readFileSync(file));
      const catalog = catalogOf(sources.resources);
      const { gateways, notes } = readGateways(catalog, {});
      const found = await lintFindings({ sources, catalog, gateways, notes }, { ...lintKnowledge({}) });
      const severities = new Set(found.map((d) => d.severity));
      const ours = severities.has('error') ? 'error' : severities.has('warning') ? 'warning' : 'valid';
      const said = found.filter((d) => d.severity !== 'info').map((d) => `${d.code} ${d.message}`);
      if (ours !== verdict)
        misses.push({ name, recorded: `${verdict} ${messages.join('; ')}`, ours, why: said.join('; ') });
    }
    if (misses.length)
      console.log(misses.map((m) => `${m.name}\n  recorded: ${m.recorded}\n  ours: ${m.ours} ${m.why}`).join('\n'));
    const wrongErrors = misses.filter((m) => (m.ours === 'error') !== m.recorded.startsWith('error'));
    expect(wrongErrors).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(10);
    expect(misses.length).toBeLessThanOrEqual(verdicts.length * 0.05);
  });
}
