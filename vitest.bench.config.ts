import { defineConfig } from 'vitest/config';

// Benchmarks are run one after the other, by hand: `npm run bench`, or `npm run bench -- decide` for one.
export default defineConfig({
  test: { include: ['test/bench/**/*.bench.ts'], fileParallelism: false, testTimeout: 1_800_000, hookTimeout: 300_000 },
});
