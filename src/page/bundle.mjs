// Bundles the page's program and the simulator for the browser: part of `npm run build`, esbuild is needed only there.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
const out = join(here, '../../dist/page');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: [join(here, 'main.ts')],
  inject: [join(here, 'buffer.ts')],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  outfile: join(out, 'page.js'),
});
await build({
  entryPoints: [join(here, 'page.css')],
  bundle: true,
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  outfile: join(out, 'page.css'),
});
