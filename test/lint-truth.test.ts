// No false error: every config of fixtures/truth/istio was accepted by Istio. Errors are allowed only for references to
// a Service, port or subset that the files show not to exist, and for the parts that the recordings answer as dead: a host that no
// server of the named gateways has, a server or port that Istio leaves out, a route that attaches nowhere.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lintKnowledge } from '../src/api/lint-knowledge.js';
import { readGateways } from '../src/dialects/read.js';
import { runLint } from '../src/lint/run.js';
import { catalogOf } from '../src/resources/catalog.js';
import { parseSource } from '../src/sources/index.js';

const root = process.env.ISTIO_TRUTH ?? 'fixtures/truth/istio';
/** What they say is recorded as 404, 503, 500 or a closed connection. */
const DEAD_PARTS = new Set(['MGW0103', 'MGW0106', 'MGW0109', 'MGW0131', 'MGW0133', 'MGW0141', 'MGW0145', 'MGW0171']);
/** Names that the recorded configs give to what does not exist. */
const MEANT_TO_BE_MISSING = /missing-svc|nosuch/;
/** Cases about what does not exist: recorded as 503 NC. */
const ABOUT_MISSING = /\/field\/destination-names\//;

for (const folder of readdirSync(root)) {
  test(`truth/istio/${folder} lints without a false error`, async () => {
    const wrong: string[] = [];
    let cases = 0;
    for (const name of readdirSync(`${root}/${folder}`)) {
      const file = `${root}/${folder}/${name}/input.yaml`;
      if (!existsSync(file)) continue;
      cases++;
      const sources = parseSource(file, readFileSync(file));
      const catalog = catalogOf(sources.resources);
      const { gateways, notes } = process.env.LINT_ONLY ? { gateways: [], notes: [] } : readGateways(catalog, {});
      const { diagnostics } = await runLint({ sources, catalog, gateways, notes }, { ...lintKnowledge({}) });
      for (const d of diagnostics)
        if (
          d.severity === 'error' &&
          !DEAD_PARTS.has(d.code) &&
          !ABOUT_MISSING.test(file) &&
          !(MEANT_TO_BE_MISSING.test(d.message) || MEANT_TO_BE_MISSING.test(d.source ?? ''))
        )
          wrong.push(`${d.position.file}:${d.position.line} ${d.code} ${d.message}`);
    }
    expect(cases).toBeGreaterThan(1);
    expect(wrong).toEqual([]);
  });
}
