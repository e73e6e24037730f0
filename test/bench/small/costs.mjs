// A process of its own for one shape: what each question costs at two sizes, in ms of CPU, beside js-yaml's parse of the same texts. Prints
// JSON. Each size is asked once, the small one first, so that code is as cold in every run.
// Run: node --expose-gc test/bench/small/costs.mjs FOLDER, with the files of texts.ts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { diff, lint, load, routes } from '../../../dist/bundle/index.js';

const folder = process.argv[2];
const textOf = (name) => readFileSync(join(folder, `${name}.yaml`), 'utf8');
const read = (name) => load({ file: `${name}.yaml`, text: textOf(name) });

const ASK = {
  parse: async (name) => void loadAll(textOf(name)),
  lint: async (name) => void (await lint(await read(name))),
  routes: async (name) => void routes(await read(name)),
  diff: async (name) => {
    const { differences } = diff(await read(name), await read(`${name}-changed`));
    if (differences.length === 0) throw new Error('a changed rule makes no difference');
  },
};

/** What the question before left behind is not counted. */
async function cpuOf(work) {
  globalThis.gc();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const costOf = async (question, set) => ({
  small: await cpuOf(() => ASK[question](`${set}-small`)),
  large: await cpuOf(() => ASK[question](`${set}-large`)),
});

const costs = {};
for (const [set, questions] of Object.entries({ whole: ['lint'], part: ['routes', 'diff'] })) {
  const parse = await costOf('parse', set);
  for (const question of questions) costs[question] = { ...(await costOf(question, set)), parse: parse.large };
}
console.log(JSON.stringify(costs));
