// Bundles the command line into few files: opening hundreds of modules took longer than most commands (docs/decisions/0010). Part of
// `npm run build`; each lazily imported command stays a file of its own. Packages that are large and rarely needed, or that find files
// of their own, stay outside.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
const outdir = join(here, '../../dist/bundle');
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: [join(here, 'main.ts')],
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outdir,
  chunkNames: '[name]-[hash]',
  external: ['ink', 'react', 'undici', 'selfsigned', 'jose', 'ajv', '@marcbachmann/cel-js', 'yaml'],
  // CommonJS packages inside the bundle ask for Node's own modules.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  legalComments: 'none',
  logLevel: 'warning',
});
