// Findings about several objects: each folder of fixtures/lint/cases holds an input and, in findings.txt, what lint says of it.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lint } from '../src/api/lint.js';
import { understand } from '../src/api/load.js';
import { parseSource } from '../src/sources/index.js';

const root = 'fixtures/lint/cases';

for (const name of readdirSync(root))
  test(`lint/cases/${name}`, async () => {
    const sources = parseSource('input.yaml', readFileSync(`${root}/${name}/input.yaml`));
    const { diagnostics } = await lint(await understand(sources));
    const lines = diagnostics.map(
      (d) =>
        `${d.position.line}:${d.position.column} ${d.severity} ${[d.code, d.istio].filter(Boolean).join(' ')} ${d.resource?.kind} ${d.resource?.name} ${d.path}\n  ${d.message}\n${d.witness ? `  ${d.witness.method} ${d.witness.host}${d.witness.path}\n` : ''}`,
    );
    await expect(lines.join('') || 'no findings\n').toMatchFileSnapshot(`../${root}/${name}/findings.txt`);
  });
