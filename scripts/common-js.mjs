// Chunks as CommonJS. Node reads and links modules asynchronously, each at its own price, which was a third of what a process needs to
// start (docs/decisions/0010); CommonJS it reads at once. A chunk that awaits at its top has to stay a module, with those that import it:
// only the terminal views do, which are imported when one is drawn.
import { basename, dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { REQUIRE, small } from './bundle-plugins.mjs';

/**
 * @param {readonly { path: string, text: string }[]} chunks what esbuild made of ES modules, in one folder
 * @returns {Promise<{ path: string, text: string }[]>} the same as `.cjs`, and as `.js` where one stays a module
 */
export async function commonJs(chunks) {
  const folder = dirname(chunks[0].path);
  const texts = new Map(chunks.map(({ path, text }) => [basename(path, '.js'), text]));
  const converted = new Map();
  for (const [name, text] of texts) converted.set(name, await asCommonJs(text));
  const modules = modulesOf(texts, converted);
  return [...texts].map(([name, text]) =>
    modules.has(name)
      ? { path: join(folder, `${name}.js`), text: REQUIRE + linkedModule(text, modules) }
      : { path: join(folder, `${name}.cjs`), text: linked(converted.get(name), modules) },
  );
}

const linked = (text, modules) =>
  text
    .replace(/import\("\.\/([\w.-]+)\.js"\)/g, (same, name) =>
      modules.has(name) ? same : `Promise.resolve().then(()=>require("./${name}.cjs"))`,
    )
    .replace(/require\("\.\/([\w.-]+)\.js"\)/g, (_, name) => `require("./${name}.cjs")`);

const linkedModule = (text, modules) =>
  text.replace(/(from|import|import\()"\.\/([\w.-]+)\.js"/g, (same, how, name) =>
    modules.has(name) ? same : `${how}"./${name}.cjs"`,
  );

/** Those that cannot be converted, and those that import them. */
function modulesOf(texts, converted) {
  const modules = new Set([...texts.keys()].filter((name) => converted.get(name) === undefined));
  for (let size = -1; size < modules.size; ) {
    size = modules.size;
    for (const [name, text] of texts) if (importsOf(text).some((to) => modules.has(to))) modules.add(name);
  }
  return modules;
}

/** Names of what a module imports before it runs. */
const importsOf = (text) =>
  [...text.matchAll(/(?:^|[;}"\n])(?:import|export)(?:[^"'()]*?from)?"\.\/([\w.-]+)\.js"/g)].map(([, name]) => name);

/** undefined: it awaits at its top. */
async function asCommonJs(text) {
  try {
    const { code } = await transform(text, {
      ...small,
      format: 'cjs',
      // As of Node: `default` of a CommonJS package is what it exports.
      sourcefile: 'chunk.mjs',
      define: { 'import.meta.url': 'importMetaUrl' },
      logLevel: 'silent',
    });
    const uses = code.includes('importMetaUrl');
    return uses ? `const importMetaUrl=require("node:url").pathToFileURL(__filename).href;${code}` : code;
  } catch (error) {
    if (error.errors?.every((e) => e.text.startsWith('Top-level await'))) return undefined;
    throw error;
  }
}
