// What the bundle of the package and the single file have in common.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';

export const root = join(import.meta.dirname, '..');

/** ink loads its debugger only when DEV=true is in the environment. */
const withoutDebugger = {
  name: 'without-debugger',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/devtools\.js$/ }, ({ path }) => ({ path, external: true })),
};

/** Names inside of packages are made short: no stack trace of ours needs them, and they are a third of the bundle. */
const smallPackages = {
  name: 'small-packages',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => ({
      contents: (await transform(readFileSync(path, 'utf8'), { minifyIdentifiers: true, legalComments: 'none' })).code,
      loader: 'js',
    })),
};

/** What few runs need, and what is dear to load: it is asked for when its first name is used. */
const LATE = ['node:child_process', 'node:crypto', 're2js', 'tinyglobby', 'yaml'];

/** Of those, packages that are part of the bundle, each a file of its own: name of the file → package. */
export const lateFiles = { re2js: 're2js', tinyglobby: 'tinyglobby' };

/** @param {boolean} apart whether there is a file for each of `lateFiles`, or all in one */
const latePackages = (apart) => ({
  name: 'late-packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(${LATE.join('|')})$`) }, ({ path, kind, namespace }) =>
      namespace === 'late' || kind === 'dynamic-import' || kind === 'entry-point'
        ? undefined
        : { path, namespace: 'late' },
    );
    if (apart) onResolve({ filter: /^\.\/[\w-]+\.cjs$/, namespace: 'late' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'late' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      const from = apart && Object.values(lateFiles).includes(path) ? `./${path}.cjs` : path;
      return {
        contents: `let found; const all = () => (found ??= require('${from}'));
module.exports = { ${names.map((name) => `get ${name}() { return all().${name}; }`).join(', ')} };`,
        resolveDir: root,
      };
    });
  },
});

/** @param {boolean} apart as of `latePackages` */
export const plugins = (apart) => [withoutDebugger, smallPackages, latePackages(apart)];

/** Blanks go and names stay: a stack trace of a bug has to say something. */
export const small = {
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
};

/** CommonJS packages inside of a module ask for Node's own modules. */
export const REQUIRE =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

/** Options of both. React's development build is ten times the size. */
export const bundled = {
  ...small,
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  define: { 'process.env.NODE_ENV': '"production"' },
  metafile: true,
};
