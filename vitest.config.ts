import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Examples import the package by its name.
  resolve: { alias: { meshgw: new URL('./src/api/index.ts', import.meta.url).pathname } },
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    isolate: false,
    // The default leaves one core idle; two are what CI has.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Sockets, processes and terminals are late on a machine that others load; test/second-tries.ts names what needed it.
    retry: process.env.CI ? 1 : 0,
  },
});
