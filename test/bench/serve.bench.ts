// serve beside Envoy, nginx, haproxy and node:http: the comparison is a program of its own, since each server needs a process.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureBuilt } from '../build.js';
import { folder } from './files.js';
import { record } from './results.js';

test('requests per second through serve and through the others', () => {
  ensureBuilt();
  const ROWS = join(folder, 'rows.json');
  const env = { ...process.env, ROWS };
  expect(spawnSync(process.execPath, ['test/bench/serve/bench.mjs'], { stdio: 'inherit', env }).status).toBe(0);
  record('serve', JSON.parse(readFileSync(ROWS, 'utf8')));
});
