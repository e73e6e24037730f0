// Changes to the response: of the destination that was chosen, then of the route.

import type { Choice, CompiledRoute } from './action.js';
import type { HeaderEdit } from './decision.js';
import { type DecisionState, NONE } from './decision-state.js';
import { applyHeaderOps, requestScope } from './header-ops.js';

/** The request as it went upstream; absent for an answer that the gateway gives itself. */
export interface SentRequest {
  readonly edits: readonly HeaderEdit[];
  readonly path: string;
  readonly host: string;
}

export function responseEdits(
  { engine, view }: DecisionState,
  compiled: CompiledRoute,
  choice: Choice | undefined,
  sent?: SentRequest,
): readonly HeaderEdit[] {
  if (!compiled.responseHeaders && !choice?.responseHeaders) return NONE;
  const edits: HeaderEdit[] = [];
  const request = requestScope(view, sent?.edits ?? NONE, { routeName: compiled.route.name }, sent);
  // A local answer has no code yet when its headers are made: `%RESPONSE_CODE%` is 0 (asked of Envoy 1.40).
  const answer = {
    status: 0,
    header: (name: string) => edits.findLast((e) => e.name === name && e.op !== 'remove')?.value,
  };
  const scope = sent ? request : { ...request, response: answer };
  applyHeaderOps(choice?.responseHeaders, edits, scope, engine);
  applyHeaderOps(compiled.responseHeaders, edits, scope, engine);
  const { notInAnswers } = engine;
  return notInAnswers ? edits.filter(({ name }) => !notInAnswers.has(name)) : edits;
}
