// A pattern of a middleware, checked.

import { BadPatternError, compileRegex } from '../../../regex/match.js';
import { Disabled } from '../names.js';

/** @throws Disabled where Go refuses it. */
export function goRegex(pattern: string): string {
  try {
    compileRegex(pattern);
  } catch (error) {
    if (error instanceof BadPatternError) throw new Disabled(error.message);
    throw error;
  }
  return pattern;
}
