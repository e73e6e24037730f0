// `npm run istio:real`: bundles main.ts (TypeScript that Node does not run by itself) and runs it from the project's root.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = import.meta.dirname;
process.chdir(join(here, '../..'));
const outfile = '.cache/istio-control-plane/run.mjs';
await build({
  entryPoints: [join(here, 'main.ts')],
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outfile,
  sourcemap: 'inline',
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);
