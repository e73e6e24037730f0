// What convert writes for Envoy Gateway, run: egctl takes every object, and each recorded request gets from a real Envoy what `simulate`
// says, and how many get what nginx answered.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayRequest } from '../../../src/model/index.js';
import { checkResult } from '../../../src/requests/check.js';
import type { ExpectedResult } from '../../../src/requests/expectation.js';
import { asResult } from '../as-result.js';
import { translate } from '../istio/convert.js';
import { compare, inWords, type Predicted, predict } from '../istio/simulated.js';
import { interrogate, type Witnesses } from './interrogate.js';

const READ = { implementation: 'envoy-gateway' } as const;
const ROOT = 'fixtures/truth/ingress-nginx';
/** What a client and a destination see (test/convert/replay.ts). */
const COUNTED =
  /^(status|connection|l4|destination|split.*|upstream\.(path|host|method)|headers\.(location|access-control-.*))$/;

interface Asked {
  readonly predicted: Predicted;
  /** What nginx answered to each of the requests. */
  readonly recorded: readonly ExpectedResult[];
}

/** `convert [case …]`: recorded cases of ingress-nginx whose names begin with a text; all by default. */
export async function checkConversions(witnesses: Witnesses, wanted: readonly string[]): Promise<boolean> {
  const lines: string[] = [];
  const cases = new Map<unknown, Asked>();
  for (const name of readdirSync(ROOT)) {
    if (wanted.length > 0 && !wanted.some((w) => name.startsWith(w))) continue;
    const asked = await translated(name);
    if (typeof asked === 'string') lines.push(`${name}: ${asked}`);
    else cases.set(asked.predicted, asked);
  }
  let asked = 0;
  let same = 0;
  let kept = 0;
  await interrogate(
    [...cases.values()].map((c) => c.predicted),
    witnesses,
    (told) => {
      const { predicted, recorded } = cases.get(told.question)!;
      if (told.failed) lines.push(`${predicted.name}: ${told.failed}`);
      const found = compare(predicted, told);
      asked += predicted.requests.length;
      same += told.results.length - found.length;
      for (const [i, again] of told.results.entries()) {
        const differences = checkResult(predicted.requests[i]!, recorded[i]!, asResult(again), { strict: true });
        if (differences.every((d) => !COUNTED.test(d.field))) kept++;
      }
      lines.push(...found.map((f) => inWords(predicted, f)));
    },
  );
  const percent = (n: number) => `${((100 * n) / asked).toFixed(2)} %`;
  console.log(
    `ingress-nginx to Envoy Gateway: ${cases.size} cases, ${same} of ${asked} answers as simulated (${percent(same)}), ${kept} as nginx answered (${percent(kept)})`,
  );
  for (const line of lines.slice(0, Number(process.env.SHOW ?? 10))) console.log(`  ${line}`);
  return lines.length === 0;
}

async function translated(name: string): Promise<Asked | string> {
  const output = translate(
    readFileSync(join(ROOT, name, 'input.yaml'), 'utf8'),
    { from: 'ingress', to: 'gateway-api' },
    READ,
  );
  if (typeof output === 'string') return output;
  if (process.env.KEEP) {
    mkdirSync(process.env.KEEP, { recursive: true });
    writeFileSync(join(process.env.KEEP, `${name}.yaml`), output.yaml);
  }
  const exchanges = JSON.parse(readFileSync(join(ROOT, name, 'exchanges.json'), 'utf8')) as {
    readonly request: GatewayRequest;
    readonly response: ExpectedResult;
  }[];
  const sent = exchanges.flatMap(({ request, response }) => {
    const target = output.asked(request);
    return target ? [{ request: target, response }] : [];
  });
  const requests = sent.map((s) => s.request);
  return {
    predicted: await predict(name, output.yaml, requests, READ),
    recorded: sent.map((s) => s.response),
  };
}
