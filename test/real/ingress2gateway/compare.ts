// `npm run peers`: the table of the README, for a folder of files that people have and for the recordings of ingress-nginx.
import { writeFileSync } from 'node:fs';
import { counted } from '../../../src/model/index.js';
import { measure } from './measure.js';
import { type Results, tableOf } from './table.js';
import { ingress2gateway, meshgw, type Tool } from './tools.js';

const RESULTS = 'test/real/ingress2gateway/results.json';

const CORPUS = process.env.CORPUS ?? 'fixtures/convert-corpus';

/** Prints the table; `UPDATE=1` keeps it for the README. @returns true: there is nothing to agree on. */
export async function compare([folder = CORPUS]: readonly string[]): Promise<boolean> {
  const tools: readonly Tool[] = [meshgw('istio'), meshgw('gateway-api'), ingress2gateway()];
  const sets: Results['sets'][number][] = [];
  for (const [name, path] of [
    ['files that people have', folder],
    ['recorded cases', 'fixtures/truth/ingress-nginx'],
  ] as const) {
    const rows: Results['sets'][number]['rows'][number][] = [];
    for (const tool of tools) rows.push({ tool: tool.name, ...(await measure(path, tool)) });
    sets.push({ name: `${counted(rows[0]!.files, 'file')}: ${name}`, rows });
  }
  console.log(tableOf({ sets }));
  if (process.env.UPDATE) writeFileSync(RESULTS, `${JSON.stringify({ sets }, null, 2)}\n`);
  return true;
}
