// `npm run single-file [-- FILE]`: the command line as one file without node_modules, dist/meshgw.mjs, for a release: `node meshgw.mjs lint …`.
// The files that the package ships beside its code (schemas, the page of ways-in) are in it, compressed; they are unpacked when one is asked for.
import { appendFileSync, chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { bundled, plugins, REQUIRE, root } from './bundle-plugins.mjs';
import { licences } from './licences.mjs';

const outfile = process.argv[2] ?? join(root, 'dist/meshgw.mjs');

const below = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(root, path)).isFile());
const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const texts = {
  'package.json': JSON.stringify({ name, version, license }),
  ...Object.fromEntries(
    [...below('schemas'), ...below('dist/page')].sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  ),
};

/** In place of src/files/package-file.ts. */
const packed = brotliCompressSync(JSON.stringify(texts)).toString('base64');
const packageFiles = `
import { brotliDecompressSync } from 'node:zlib';
let texts;
const all = () => texts ??= new Map(Object.entries(JSON.parse(brotliDecompressSync(Buffer.from(${JSON.stringify(packed)}, 'base64')).toString())));
export const packageFile = (path) => { const text = all().get(path); if (text === undefined) throw new Error(path + ' is not in the package'); return text; };
export const packageFolder = (path) => [...new Set([...all().keys()].flatMap((name) => name.startsWith(path + '/') ? [name.slice(path.length + 1).split('/')[0]] : []))];
`;

const embedded = {
  name: 'embedded-files',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]files[\\/]package-file\.ts$/ }, () => ({ contents: packageFiles, loader: 'js' }));
    // Where packages are outside of the bundle it asks for them by a require of its own.
    onLoad({ filter: /[\\/]src[\\/]serve[\\/]http1[\\/]llhttp\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace('const require = createRequire(import.meta.url);', ''),
      loader: 'ts',
    }));
  },
};

// As bin/meshgw.js; the code behind the import is in the same file, so only its syntax has to be old enough to be read.
const bin = readFileSync(join(root, 'bin/meshgw.js'), 'utf8');
const start = bin.replace(
  "createRequire(import.meta.url)('../dist/bundle/main.cjs')",
  "await import('./src/cli/main.ts')",
);
if (start === bin) throw new Error('bin/meshgw.js loads its code in another way');
const { metafile } = await build({
  ...bundled,
  stdin: { contents: start, resolveDir: root, loader: 'ts' },
  outfile,
  plugins: [embedded, ...plugins(false)],
  banner: { js: REQUIRE },
});
appendFileSync(outfile, `/*\n${licences(metafile, root).replaceAll('*/', '* /')}*/\n`);
chmodSync(outfile, 0o755);
console.log(`${outfile}: ${(statSync(outfile).size / 1e6).toFixed(2)} MB`);
