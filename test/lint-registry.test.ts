// Codes and names of lint rules are unique. Their registry is generated (test/generated.test.ts).

import { expect, test } from 'vitest';

test('codes and names are unique and well formed', async () => {
  const { rules } = await import('../src/lint/rules/index.gen.js');
  expect(rules.length).toBeGreaterThan(50);
  for (const key of ['code', 'name'] as const) {
    const values = rules.map((rule) => rule[key]);
    expect(values.filter((value, i) => values.indexOf(value) !== i)).toEqual([]);
  }
  for (const rule of rules) {
    expect(rule.code).toMatch(/^MGW\d{4}$/);
    expect(rule.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(Boolean(rule.check) !== Boolean(rule.fields?.length)).toBe(true);
    expect(`${rule.title}${rule.docs().instead}`.length).toBeGreaterThan(10);
  }
});
