// Recorded truth: every folder under fixtures/truth with exchanges is simulated and compared strictly. One test per
// folder; a failing one shows its first differences in full. One folder alone: npx vitest run test/truth.test.ts -t istio/match

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { simulateExchanges } from './truth/simulate-exchanges.js';

const root = join(import.meta.dirname, '../fixtures/truth');

/** Folders whose children are cases: `istio/match`, `ingress-nginx`. */
function folders(at: string, name = ''): { readonly name: string; readonly cases: readonly string[] }[] {
  const children = readdirSync(join(at, name), { withFileTypes: true }).filter((e) => e.isDirectory());
  const cases = children.map((e) => join(at, name, e.name)).filter((path) => existsSync(join(path, 'exchanges.json')));
  if (cases.length > 0) return [{ name, cases: cases.sort() }];
  return children.flatMap((e) => folders(at, name ? `${name}/${e.name}` : e.name));
}

/** Recordings that are artefacts: `case#index`, of a variant `case#index@variant` → reason (fixtures/truth-exceptions.json). */
const exceptions = JSON.parse(readFileSync(join(root, '../truth-exceptions.json'), 'utf8')) as Record<string, string>;

describe('recorded truth', () => {
  for (const { name, cases } of folders(root)) {
    test(name, { timeout: 120_000 }, async () => {
      let agreed = 0;
      const differing: string[] = [];
      for (const path of cases) {
        for (const outcome of await simulateExchanges(path)) {
          const variant = outcome.variant === undefined ? '' : `@${outcome.variant}`;
          const id = `${path.slice(root.length + 1)}#${outcome.index}${variant}`;
          if (outcome.differences.length === 0 || id in exceptions) agreed++;
          else differing.push(`${id}\n${outcome.report}`);
        }
      }
      const total = agreed + differing.length;
      const failed = new Set(differing.map((d) => d.split('#')[0])).size;
      const summary = `${name}: ${agreed} of ${total} exchanges agree, ${cases.length - failed} of ${cases.length} cases`;
      if (process.env.TRUTH_VERBOSE) process.stderr.write(`${summary}\n`);
      const shown = Number(process.env.TRUTH_SHOW ?? 10);
      expect(differing.length, `${summary}\n${differing.slice(0, shown).join('\n')}`).toBe(0);
      expect(total).toBeGreaterThan(0);
    });
  }
});
