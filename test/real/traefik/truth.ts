// Is this harness right? Recorded cases are asked again: the answers have to be the recorded ones.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayRequest } from '../../../src/model/index.js';
import { checkResult } from '../../../src/requests/check.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import { asResult } from '../as-result.js';
import { tell } from './ask-file.js';

interface Exchange {
  readonly request: GatewayRequest;
  readonly response: ExpectedResult;
}

/** `truth <folder> …`: folders of cases, each with input.yaml, static.yaml and exchanges.json. */
export async function replayTruth(folders: readonly string[]): Promise<boolean> {
  let all = true;
  for (const folder of folders) {
    let same = 0;
    let total = 0;
    const lines: string[] = [];
    for (const path of casesIn(folder)) {
      const read = (name: string) => readFileSync(join(path, name), 'utf8');
      const recorded = JSON.parse(read('exchanges.json')) as Exchange[];
      const staticYaml = existsSync(join(path, 'static.yaml')) ? read('static.yaml') : undefined;
      const requests = recorded.map((e) => e.request);
      const { results } = await tell(read('input.yaml'), requests, staticYaml);
      for (const [i, { request, response }] of recorded.entries()) {
        total++;
        const found = checkResult(request, response, asResult(results[i]!), { strict: true });
        if (found.length === 0) same++;
        else
          lines.push(
            `${path}#${i} ${JSON.stringify(request)}: ${found.map((d) => `${d.field}: recorded ${d.want}, again ${d.got}`).join('; ')}`,
          );
      }
    }
    console.log(`${folder}: ${same} of ${total} recorded answers again (${((100 * same) / total).toFixed(2)} %)`);
    for (const line of lines.slice(0, Number(process.env.SHOW ?? 10))) console.log(`  ${line}`);
    all &&= same === total;
  }
  return all;
}

const casesIn = (folder: string): string[] =>
  existsSync(join(folder, 'exchanges.json'))
    ? [folder]
    : readdirSync(folder)
        .sort()
        .flatMap((name) => (existsSync(join(folder, name, 'exchanges.json')) ? [join(folder, name)] : []));
