import { expect, test } from 'vitest';
import { loadSources } from '../src/sources/index.js';

test('every recorded Istio configuration is read without a finding', async () => {
  const loaded = await loadSources(['fixtures/truth/istio'], { cwd: process.cwd(), readStdin: async () => '' });
  expect(loaded.files).toBeGreaterThan(300);
  expect(loaded.diagnostics).toEqual([]);
});
