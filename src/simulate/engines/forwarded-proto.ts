// X-Forwarded-Proto where a rule sets it.

import type { HeaderEdit } from '../decision.js';

/** What the destination gets, where the last change of the header says one of the two; undefined: what the connection says. */
export function protoAfter(edits: readonly HeaderEdit[]): 'http' | 'https' | undefined {
  const set = edits.findLast((e) => e.name === 'x-forwarded-proto')?.value;
  return set === 'http' || set === 'https' ? set : undefined;
}
