// Gateway API's conformance suite.
import type { System } from '../system.js';
import { conformance, testsOfSuite } from './conformance.js';
import { convertManifests } from './convert.js';

/** `tests [feature …]`: names and features of the suite's tests, those with all of the features. */
async function listTests(wanted: readonly string[]): Promise<boolean> {
  const tests = testsOfSuite();
  const chosen = tests.filter((t) => wanted.every((w) => t.features.includes(w)));
  for (const { name, features } of chosen) console.log(`${name}: ${features.join(', ')}`);
  console.log(`${chosen.length} of ${tests.length} tests`);
  return true;
}

export const system: System = {
  about: 'gateway-api: conformance suite 1.6.3',
  commands: {
    tests: { usage: '[feature …]', run: listTests },
    convert: { usage: '[text …]', run: convertManifests },
    conformance: { usage: '[--simulate] [--run TEST,…]', run: conformance },
  },
};
