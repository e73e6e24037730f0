// `npm run real`: bundles main.ts with every system (a folder beside this file with an index.ts) and runs it from the
// project's root.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = import.meta.dirname;
process.chdir(join(here, '../..'));
const systems = readdirSync(here).filter((name) => existsSync(join(here, name, 'index.ts')));
const outfile = '.cache/real/run.mjs';
await build({
  stdin: {
    contents: [
      `import { main } from './main.js';`,
      ...systems.map((name, i) => `import { system as s${i} } from './${name}/index.js';`),
      `main({ ${systems.map((name, i) => `'${name}': s${i}`).join(', ')} });`,
    ].join('\n'),
    resolveDir: here,
  },
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
