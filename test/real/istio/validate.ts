// Is the admission right? Each object of fixtures/truth/validate has the verdict that it had when it was recorded.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Witnesses } from './interrogate.js';

const ROOT = 'fixtures/truth/validate';
const FAMILIES = ['istio', 'kubernetes', 'gateway-api'];

interface Recorded {
  readonly name: string;
  readonly verdict: 'valid' | 'warning' | 'error';
  readonly messages: readonly string[];
}

/** `validate [family …]` */
export async function compareValidation({ controlPlane }: Witnesses, families: readonly string[]): Promise<boolean> {
  let all = true;
  for (const family of families.length > 0 ? families : FAMILIES) {
    const folder = join(ROOT, family);
    const recorded = JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as Recorded[];
    const lines: string[] = [];
    for (const { name, verdict, messages } of recorded) {
      const answer = await controlPlane.ask(readFileSync(join(folder, `${name}.yaml`), 'utf8'), []);
      const { rejected = [], warnings = [], error } = answer;
      const again = error !== undefined || rejected.length > 0 ? 'error' : warnings.length > 0 ? 'warning' : 'valid';
      if (again !== verdict)
        lines.push(
          `${name}: recorded ${verdict} ${messages.join('; ')}; again ${again} ${error ?? [...rejected, ...warnings].map((v) => `${v.by}: ${v.reason}`).join('; ')}`,
        );
    }
    console.log(`${family}: ${recorded.length - lines.length} of ${recorded.length} recorded verdicts again`);
    for (const line of lines.slice(0, Number(process.env.SHOW ?? 10))) console.log(`  ${line}`);
    all &&= lines.length === 0;
  }
  return all;
}
