// The state of one HTTP decision, handed from step to step.

import type { HttpConnection } from './compile.js';
import type { DecisionContext, HeaderEdit } from './decision.js';
import type { EngineRules } from './engines/engine-rules.js';
import type { RequestView } from './request-view.js';

export interface DecisionState {
  readonly engine: EngineRules;
  readonly connection: HttpConnection;
  readonly view: RequestView;
  readonly context: DecisionContext;
}

/** No changes to headers. */
export const NONE: readonly HeaderEdit[] = [];

const MILLION = 1_000_000;

/** Whether something of `percent` happens; 0 and 100 draw nothing, without a draw the likelier side is taken. */
export const happens = (percent: number, { draw }: DecisionContext): boolean =>
  percent >= 100 || (percent > 0 && (draw ? draw(MILLION) < percent * (MILLION / 100) : percent > 50));
