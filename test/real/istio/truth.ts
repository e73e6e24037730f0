// Is this harness right? The recorded cases are asked again: the answers have to be the recorded ones.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayRequest } from '../../../src/model/index.js';
import { checkResult } from '../../../src/requests/check.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import { asResult } from '../as-result.js';
import { interrogate, type Question, type Witnesses } from './interrogate.js';

const ROOT = 'fixtures/truth';

interface Exchange {
  readonly request: GatewayRequest;
  readonly response: ExpectedResult;
}

/** `truth [folder …]`: folders below fixtures/truth, by default all of Istio's. */
export async function replayTruth(witnesses: Witnesses, folders: readonly string[]): Promise<boolean> {
  const chosen = folders.length > 0 ? folders : readdirSync(join(ROOT, 'istio')).map((f) => `istio/${f}`);
  let all = true;
  for (const folder of chosen) {
    const exchanges = new Map<string, readonly Exchange[]>();
    const questions = casesIn(join(ROOT, folder)).map((path): Question => {
      const recorded = JSON.parse(readFileSync(join(path, 'exchanges.json'), 'utf8')) as Exchange[];
      exchanges.set(path, recorded);
      return {
        name: path,
        yaml: readFileSync(join(path, 'input.yaml'), 'utf8'),
        requests: recorded.map((e) => e.request),
        draws: (i) => (recorded[i]!.response.split ? 30 : 1),
      };
    });
    let same = 0;
    let total = 0;
    const lines: string[] = [];
    await interrogate(questions, witnesses, (told) => {
      const name = told.question.name.slice(ROOT.length + 1);
      if (told.failed) lines.push(`${name}: ${told.failed}`);
      for (const v of told.rejected) lines.push(`${name}: ${v.object} refused by ${v.by}: ${v.reason}`);
      for (const [i, { request, response }] of exchanges.get(told.question.name)!.entries()) {
        total++;
        const again = told.results[i];
        const found = again ? recordedDiffers(request, response, again) : [];
        if (again && found.length === 0) same++;
        else if (again)
          lines.push(
            `${name}#${i} ${JSON.stringify(request)}: ${found.map((d) => `${d.field}: recorded ${d.want}, again ${d.got}`).join('; ')}`,
          );
      }
    });
    console.log(`${folder}: ${same} of ${total} recorded answers again (${((100 * same) / total).toFixed(2)} %)`);
    for (const line of lines.slice(0, Number(process.env.SHOW ?? 10))) console.log(`  ${line}`);
    all &&= same === total;
  }
  return all;
}

/** Two samples of a draw are compared by their outcomes; how long a delay took is not measured. */
function recordedDiffers(request: GatewayRequest, { delayMs: _, ...want }: ExpectedResult, again: ExpectedResult) {
  if (!want.split) return checkResult(request, want, asResult(again), { strict: true });
  const both = (o: ExpectedResult) =>
    (o.split ?? []).filter((s) => (s.share ?? 0) > 0.3).map((s) => JSON.stringify({ ...s, share: 0 }));
  const missing = [
    ...both(want).filter((o) => !(again.split ?? []).some((s) => JSON.stringify({ ...s, share: 0 }) === o)),
    ...both(again).filter((o) => !(want.split ?? []).some((s) => JSON.stringify({ ...s, share: 0 }) === o)),
  ];
  return missing.map((o) => ({
    field: 'split',
    want: JSON.stringify(want.split),
    got: `${JSON.stringify(again.split)} ${o}`,
  }));
}

function casesIn(folder: string): string[] {
  if (existsSync(join(folder, 'exchanges.json'))) return [folder];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => (existsSync(join(folder, name, 'exchanges.json')) ? [join(folder, name)] : []));
}
