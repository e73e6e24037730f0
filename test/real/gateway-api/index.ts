// Gateway API's conformance suite.
import { execFileSync } from 'node:child_process';
import { goProgram } from '../go-program.js';
import type { System } from '../system.js';

interface ConformanceTest {
  readonly name: string;
  readonly features: readonly string[];
}

/** `tests [feature …]`: names and features of the suite's tests, those with all of the features. */
async function listTests(wanted: readonly string[]): Promise<boolean> {
  const tests = JSON.parse(execFileSync(goProgram('gateway-api'), { encoding: 'utf8' })) as ConformanceTest[];
  const chosen = tests.filter((t) => wanted.every((w) => t.features.includes(w)));
  for (const { name, features } of chosen) console.log(`${name}: ${features.join(', ')}`);
  console.log(`${chosen.length} of ${tests.length} tests`);
  return true;
}

export const system: System = {
  about: 'gateway-api: conformance suite 1.6.3',
  commands: { tests: { usage: '[feature …]', run: listTests } },
};
