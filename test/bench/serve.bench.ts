// serve beside Envoy, nginx, haproxy and node:http: the comparison is a program of its own, since each server needs a process.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ensureBuilt } from '../build.js';

test('requests per second through serve and through the others', () => {
  ensureBuilt();
  expect(spawnSync(process.execPath, ['test/bench/serve/bench.mjs'], { stdio: 'inherit' }).status).toBe(0);
});
