// What may become of a request that has reached a location: the first step whose tests hold. Steps are routes
// without the path.

import type { Action, Condition, HeaderMatcher, HeaderOps, Origin, SourceMatcher } from '../../../model/index.js';

export interface Step {
  readonly headers?: readonly HeaderMatcher[];
  readonly source?: readonly SourceMatcher[];
  readonly action: Action;
  readonly requestHeaders?: HeaderOps;
  readonly responseHeaders?: HeaderOps;
  readonly conditions?: readonly Condition[];
  /** Answered out of an `if` block: what other such blocks of the location add (CORS) is not in the answer. */
  readonly bare?: true;
  /** The annotation or backend that decides. */
  readonly origin: Origin;
}

/** No test: every request that comes here. */
const isFinal = (step: Step): boolean => !step.headers?.length && !step.source?.length;

/** Steps behind one that takes everything are never reached. */
export function upToFinal(steps: readonly Step[]): readonly Step[] {
  const end = steps.findIndex(isFinal);
  return end < 0 ? steps : steps.slice(0, end + 1);
}
