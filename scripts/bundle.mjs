// Bundles the command line and the library into few files: opening hundreds of modules took longer than most commands
// (docs/decisions/0010). Part of `npm run build`; each lazily imported command stays a file of its own, and so does what draws in the
// terminal. Packages that find files of their own or generate code stay outside: they are the package's dependencies, all others are
// in the bundle, with their licences.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };
import { smallPackages, withoutDebugger } from './bundle-plugins.mjs';
import { licences } from './licences.mjs';

const root = join(import.meta.dirname, '..');
const outdir = join(root, 'dist/bundle');
rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/cli/main.ts', index: 'src/api/index.ts' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outdir,
  chunkNames: '[name]-[hash]',
  external: Object.keys(manifest.dependencies),
  plugins: [withoutDebugger, smallPackages],
  // React's development build is ten times the size.
  define: { 'process.env.NODE_ENV': '"production"' },
  // CommonJS packages inside the bundle ask for Node's own modules.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  // Names stay: a stack trace of a bug has to say something.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
});
writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES.txt'), licences(metafile, root));
