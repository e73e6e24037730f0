// Verdicts about single objects, recorded: what the CRDs and Istio's webhook say of each document of a file.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Witnesses } from './interrogate.js';

/** `judge <folder>…`: reads `objects.yaml` of each folder, writes `verdicts.json` beside it, as fixtures/truth/validate has them. */
export async function judgeFiles({ controlPlane }: Witnesses, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    const documents = readFileSync(`${folder}/objects.yaml`, 'utf8').split(/^---\n/m);
    const verdicts = await Promise.all(
      documents.map(async (yaml) => {
        const { rejected = [], warnings = [], error } = await controlPlane.ask(yaml, []);
        if (error) throw new Error(`${folder}: ${error}\n${yaml}`);
        return {
          name: /\bname: ([\w-]+)/.exec(yaml)?.[1] ?? '',
          verdict: rejected.length > 0 ? 'error' : warnings.length > 0 ? 'warning' : 'valid',
          messages: [...rejected, ...warnings].map((v) => `${v.by}: ${v.reason.trim()}`),
        };
      }),
    );
    writeFileSync(`${folder}/verdicts.json`, `${JSON.stringify(verdicts, null, 1)}\n`);
    console.log(`${folder}: ${verdicts.length} objects`);
  }
  return true;
}
