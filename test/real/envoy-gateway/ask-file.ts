// One configuration and some requests, asked of the real system: for a look, and to record a fixture.
import { readFileSync, writeFileSync } from 'node:fs';
import { readRequestFile } from '../../../src/requests/index.js';
import { compare, inWords, predict } from '../istio/simulated.js';
import { interrogate, type Witnesses } from './interrogate.js';

/** `ask <config.yaml> <requests> [exchanges.json]`: prints what the real system says; a third file is written with the exchanges. */
export async function askFile(
  witnesses: Witnesses,
  [config = '', requests = '', out]: readonly string[],
): Promise<boolean> {
  const yaml = readFileSync(config, 'utf8');
  const cases = readRequestFile(requests, readFileSync(requests, 'utf8')).requests.map((c) => c.request);
  let same = true;
  const predicted = await predict(config, yaml, cases, { implementation: 'envoy-gateway' });
  await interrogate([predicted], witnesses, (told) => {
    if (told.failed) console.log(told.failed);
    const exchanges = told.results.map((response, i) => ({ request: cases[i], response }));
    for (const e of exchanges) console.log(JSON.stringify(e));
    const found = compare(predicted, told);
    for (const f of found) console.log(`DIFFERS ${inWords(predicted, f)}`);
    if (out && !told.failed) writeFileSync(out, `${JSON.stringify(exchanges, null, 2)}\n`);
    same = found.length === 0 && !told.failed;
  });
  return same;
}
