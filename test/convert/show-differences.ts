// What differs in a replay, for those who look for the cause: CONVERT_SHOW=5 prints five lines of each case.

import type { Replay } from './replay.js';

const MOST = Number(process.env.CONVERT_SHOW ?? 0);

/** The silent differences first. */
export function showDifferences(cases: readonly (readonly [name: string, replay: Replay])[]): void {
  for (const [name, { silent, announced }] of cases)
    for (const line of [...silent.map((l) => `SILENT ${l}`), ...announced].slice(0, MOST))
      console.log(`  ${name} ${line}`);
}
