// How long a difference takes to find, beside js-yaml's parse of one side in the same run, and how it grows with the number of rules.

import { expect, test } from 'vitest';
import { diffRow, manyRoutes, manyVirtualServices, type Row, reachRow } from './diff.js';

const show = (rows: readonly Row[]) => {
  const widest = Math.max(...rows.map((r) => r.ms));
  for (const r of rows)
    process.stderr.write(
      `${r.what.padEnd(34)} ${String(r.rules).padStart(6)} rules  js-yaml ${r.jsYamlMs.toFixed(0).padStart(5)} ms  read ${r.readMs.toFixed(0).padStart(5)} ms  ${r.ms.toFixed(0).padStart(6)} ms  found ${r.found}  ${'#'.repeat(Math.ceil((40 * r.ms) / widest))}\n`,
    );
};

test('1,000 VirtualServices of 10 rules, one rule changed', { timeout: 120_000 }, () => {
  const row = diffRow('diff, a host each', 10_000, manyVirtualServices(1000, 10), manyVirtualServices(1000, 10, 5000));
  show([row]);
  expect(row.found).toBeGreaterThan(0);
  console.log(
    `read both sides and diff: ${((row.ms + row.readMs) / row.jsYamlMs).toFixed(1)} times js-yaml's parse of one side (goal: 20)`,
  );
});

test('10,000 routes in one host, one changed', { timeout: 300_000 }, () => {
  const row = diffRow('diff, one host', 10_000, manyRoutes(10_000), manyRoutes(10_000, 4321));
  show([row]);
  expect(row.found).toBeGreaterThan(0);
  console.log(
    `${(row.ms / 1000).toFixed(1)} s (goal: 20 s), ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB resident`,
  );
});

test('growth', { timeout: 600_000 }, () => {
  const rows: Row[] = [];
  for (const n of [500, 1000, 2000, 5000, 10_000, 20_000])
    rows.push(diffRow('diff, one host', n, manyRoutes(n), manyRoutes(n, Math.floor(n / 2))));
  for (const n of [500, 1000, 2000, 5000, 10_000]) rows.push(reachRow(n));
  for (const n of [100, 300, 1000, 3000])
    rows.push(diffRow('diff, a host each', n * 10, manyVirtualServices(n, 10), manyVirtualServices(n, 10, n * 5)));
  show(rows);
  expect(rows.length).toBeGreaterThan(0);
});
