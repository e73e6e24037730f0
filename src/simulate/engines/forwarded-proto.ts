// X-Forwarded-Proto where a rule sets it.

import type { HeaderEdit } from '../decision.js';

/** What the destination gets, where the last change of the header says one of the two; undefined: what the connection says. */
export function protoAfter(edits: readonly HeaderEdit[]): 'http' | 'https' | undefined {
  const last = edits.findLast((e) => e.name === 'x-forwarded-proto');
  const set = last?.op === 'set' ? last.value : undefined;
  return set === 'http' || set === 'https' ? set : undefined;
}
