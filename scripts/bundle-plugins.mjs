// Plugins of esbuild that both bundles share.
import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';

/** ink loads its debugger only when DEV=true is in the environment. */
export const withoutDebugger = {
  name: 'without-debugger',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/devtools\.js$/ }, ({ path }) => ({ path, external: true })),
};

/** Names inside of packages are made short: no stack trace of ours needs them, and they are a third of the bundle. */
export const smallPackages = {
  name: 'small-packages',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => ({
      contents: (await transform(readFileSync(path, 'utf8'), { minifyIdentifiers: true, legalComments: 'none' })).code,
      loader: 'js',
    })),
};
