// Configurations and some requests, asked of the real system: for a look, and to record fixtures.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayRequest } from '../../../src/model/index.js';
import { readRequestFile } from '../../../src/requests/index.js';
import { interrogate, type Told, type Witnesses } from './interrogate.js';
import { compare, inWords, type Predicted, predict } from './simulated.js';

interface Case {
  readonly config: string;
  readonly requests: string;
  /** Written with the exchanges. */
  readonly out?: string | undefined;
}

/**
 * `ask <config.yaml> <requests> [exchanges.json]`: prints what the real system says; a third file is written with the exchanges.
 * `ask <folder>`: each folder below with an input.yaml and a requests.json (else the requests of its exchanges.json), which gets its
 * exchanges.json.
 */
export async function askFile(
  witnesses: Witnesses,
  [config = '', requests = '', out]: readonly string[],
): Promise<boolean> {
  const cases = statSync(config).isDirectory() ? casesBelow(config) : [{ config, requests, out }];
  const asked = await Promise.all(
    cases.map(async (one) => {
      const read = readRequestFile(one.requests, readFileSync(one.requests, 'utf8'));
      const all = read.requests.map((c) => c.request);
      return { ...one, all, question: await predict(one.config, readFileSync(one.config, 'utf8'), all) };
    }),
  );
  let same = true;
  await interrogate(
    asked.map((a) => a.question),
    witnesses,
    (told) => {
      const one = asked.find((a) => a.question === told.question)!;
      if (cases.length > 1) console.log(`== ${one.config}`);
      same = report(told, one.all, one.out) && same;
    },
  );
  return same;
}

const casesBelow = (folder: string): Case[] =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, 'input.yaml')))
    .map((path) => {
      const [requests, out] = [join(path, 'requests.json'), join(path, 'exchanges.json')];
      return { config: join(path, 'input.yaml'), requests: existsSync(requests) ? requests : out, out };
    });

function report(told: Told, requests: readonly GatewayRequest[], out: string | undefined): boolean {
  const question = told.question as Predicted;
  if (told.failed) console.log(told.failed);
  for (const v of [...told.rejected, ...told.warnings]) console.log(`${v.object}, ${v.by}: ${v.reason}`);
  const exchanges = requests.map((request, i) => ({ request, response: told.results[i] }));
  for (const e of exchanges) console.log(JSON.stringify(e));
  const found = compare(question, told);
  for (const f of found) console.log(`DIFFERS ${inWords(question, f)}`);
  if (out) writeFileSync(out, `${JSON.stringify(exchanges, null, 2)}\n`);
  return found.length === 0 && !told.failed;
}
