// One configuration and some requests, asked of the real system: for a look, and to record a fixture.
import { readFileSync, writeFileSync } from 'node:fs';
import { readRequestFile } from '../../../src/requests/index.js';
import { interrogate, type Witnesses } from './interrogate.js';
import { compare, inWords, type Predicted, predict } from './simulated.js';

/** `ask <config.yaml> <requests> [exchanges.json]`: prints what the real system says; a third file is written with the exchanges. */
export async function askFile(
  witnesses: Witnesses,
  [config = '', requests = '', out]: readonly string[],
): Promise<boolean> {
  const yaml = readFileSync(config, 'utf8');
  const cases = readRequestFile(requests, readFileSync(requests, 'utf8')).requests.map((c) => c.request);
  let same = true;
  await interrogate([await predict(config, yaml, cases)], witnesses, (told) => {
    const question = told.question as Predicted;
    if (told.failed) console.log(told.failed);
    for (const v of [...told.rejected, ...told.warnings]) console.log(`${v.object}, ${v.by}: ${v.reason}`);
    const exchanges = cases.map((request, i) => ({ request, response: told.results[i] }));
    for (const e of exchanges) console.log(JSON.stringify(e));
    const found = compare(question, told);
    for (const f of found) console.log(`DIFFERS ${inWords(question, f)}`);
    if (out) writeFileSync(out, `${JSON.stringify(exchanges, null, 2)}\n`);
    same = found.length === 0 && !told.failed;
  });
  return same;
}
