// Files that people have, with the default flags: a sample here, all of a folder with CORPUS=folder (every line with CORPUS_SHOW=1).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Target } from '../src/convert/scope.js';
import { type Survey, survey } from './convert/survey.js';

const FOLDER = process.env.CORPUS ?? 'fixtures/convert-corpus';
const TARGETS = (process.env.CORPUS_TO ?? 'istio,gateway-api,ingress').split(',') as Target[];

for (const to of TARGETS)
  test(`${FOLDER}: to ${to}`, async () => {
    const names = readdirSync(FOLDER).filter((n) => n.endsWith('.yaml'));
    const found: [string, Survey][] = [];
    for (const name of names) found.push([name, await survey(name, readFileSync(join(FOLDER, name), 'utf8'), to)]);
    const percent = (of: (s: Survey) => boolean) =>
      `${((100 * found.filter(([, s]) => of(s)).length) / found.length).toFixed(1)} %`;
    const lengths = found.map(([, s]) => s.length).sort((a, b) => a - b);
    console.log(
      `${to}: ${found.length} files, exit 0 ${percent((s) => s.refused.length === 0)}, unannounced or undecided in ${percent((s) => s.unannounced.length > 0)}, lint errors in ${percent((s) => s.errors.length > 0)}, stubs in ${percent((s) => s.stubs > 0)}, median length ${lengths[Math.floor(lengths.length / 2)]?.toFixed(2)} times the input`,
    );
    const refused = new Map<string, number>();
    for (const [, s] of found) for (const r of s.refused) refused.set(r, (refused.get(r) ?? 0) + 1);
    console.log(
      [...refused]
        .sort(([, a], [, b]) => b - a)
        .map(([r, n]) => `${r} ${n}`)
        .join(', '),
    );
    if (process.env.CORPUS_SHOW)
      for (const [name, s] of found)
        for (const line of [
          ...s.refused.map((r) => `refused ${r}`),
          ...s.unannounced.map((u) => `UNANNOUNCED ${u}`),
          ...s.errors.map((e) => `ERROR ${e}`),
          ...(s.stubs > 0 ? [`STUBS ${s.stubs}`] : []),
        ])
          console.log(`  ${name} ${line}`);
    const named = (of: (s: Survey) => readonly string[]) =>
      found.flatMap(([name, s]) => of(s).map((line) => `${name} ${line}`));
    expect(named((s) => s.unannounced)).toEqual([]);
    expect(named((s) => s.errors)).toEqual([]);
    expect(found.filter(([, s]) => s.stubs > 0).map(([name]) => name)).toEqual([]);
  }, 600_000);
