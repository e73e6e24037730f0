// docs/rules is generated from the rules. Regenerate: npm run generate

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CannotRunError } from '../src/diagnostics/index.js';
import { explain, listRules, rulePage, ruleSummaries, rulesIndex } from '../src/lint/explain.js';
import { rules } from '../src/lint/rules/index.gen.js';

test('the index of the rules', async () => {
  await expect(rulesIndex()).toMatchFileSnapshot('../docs/rules/README.md');
});

for (const rule of rules)
  test(`the page of ${rule.code}`, async () => {
    await expect(rulePage(rule)).toMatchFileSnapshot(`../docs/rules/${rule.code}.md`);
  });

test('no page without a rule', () => {
  const pages = readdirSync('docs/rules').filter((f) => /^MGW/.test(f));
  expect(pages.sort()).toEqual(rules.map((rule) => `${rule.code}.md`).sort());
});

test('explain finds a rule by its code, its name and its counterpart', () => {
  expect(explain('MGW0101')).toContain('gateway-not-found');
  expect(explain('gateway-not-found')).toBe(explain('MGW0101'));
  expect(explain('ist0132')).toContain('MGW0106');
  expect(explain('MGW0010')).toContain('unknown-field');
  expect(() => explain('MGW9999')).toThrow(CannotRunError);
  expect(listRules().split('\n').length).toBe(ruleSummaries().length + 1);
});

test('docs/rules/istioctl.md lists every message of istioctl analyze, and names rules that report it', () => {
  const rows = readFileSync('docs/rules/istioctl.md', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, code, here] = /^\| (IST\d{4}) \| \w+ \| (.*) \|$/.exec(line) ?? [];
      return code && here ? [{ code, here }] : [];
    });
  expect(rows.length).toBe(68);
  expect(new Set(rows.map(({ code }) => code)).size).toBe(68);
  for (const { code, here } of rows) {
    const reporting = rules.filter((rule) => rule.istio === code).map((rule) => rule.code);
    if (here.startsWith('not reported: ') || here.startsWith('every rule'))
      expect(reporting.length > 0, code).toBe(here.startsWith('every rule'));
    else expect(here.split(', ').sort(), code).toEqual(reporting.sort());
  }
});
