// Leaves of the declarations in dist/types those that the library's own reach: a package ships what is used. Part of `npm run build`.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = join(import.meta.dirname, '../dist/types');
const reached = new Set();
const open = [join(root, 'api/index.d.ts')];
for (let file = open.pop(); file !== undefined; file = open.pop()) {
  if (reached.has(file)) continue;
  reached.add(file);
  for (const target of importsOf(readFileSync(file, 'utf8'))) {
    if (!target.startsWith('.')) throw new Error(`${file}: the types of the library name the package ${target}`);
    open.push(resolve(dirname(file), target.replace(/\.js$/, '.d.ts')));
  }
}
for (const name of readdirSync(root, { recursive: true })) {
  const path = join(root, name);
  if (existsSync(path) && statSync(path).isFile() && !reached.has(path)) rmSync(path);
}
for (const name of readdirSync(root))
  if (readdirSync(join(root, name), { recursive: true }).every((f) => !f.endsWith('.d.ts')))
    rmSync(join(root, name), { recursive: true });

/** What declarations import. A literal type may end in the word `from`, so only statements and `import(…)` count. */
function importsOf(text) {
  const found = text.matchAll(
    /^(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  );
  return [...found].map(([, from, bare, inType]) => from ?? bare ?? inType);
}
