// Bundles the command line and the library into few files: opening hundreds of modules took longer than most commands
// (docs/decisions/0010). Part of `npm run build`; each lazily imported command stays a file of its own, and so does what draws in the
// terminal. Packages that find files of their own or generate code stay outside: they are the package's dependencies, all others are
// in the bundle, with their licences.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };
import { bundled, lateFiles, plugins, root } from './bundle-plugins.mjs';
import { commonJs } from './common-js.mjs';
import { licences } from './licences.mjs';

const outdir = join(root, 'dist/bundle');
const { outputFiles, metafile } = await build({
  ...bundled,
  entryPoints: { main: 'src/cli/main.ts', index: 'src/api/index.ts', ...lateFiles },
  splitting: true,
  outdir,
  chunkNames: '[name]-[hash]',
  external: Object.keys(manifest.dependencies),
  plugins: plugins(true),
  write: false,
});
rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
for (const { path, text } of await commonJs(outputFiles)) writeFileSync(path, text);
// For those who import them.
for (const name of ['main', 'index'])
  writeFileSync(
    join(outdir, `${name}.js`),
    `export { ${metafile.outputs[`dist/bundle/${name}.js`].exports.join(', ')} } from './${name}.cjs';\n`,
  );
writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES.txt'), licences(metafile, root));
