// How much work the questions of one run may cost together, and each of them alone. Counted, never timed. Where it is
// spent the answer is "undecided"; the rest of a run goes on with a small allowance for each rule, which is enough
// wherever rules are plain texts.

import type { Budget } from '../regex/index.js';

/** What the questions of one run (one command, or one lint rule) share. */
export interface Run extends Budget {
  /** Patterns whose automata this run has paid for: each is paid once, made or remembered. */
  readonly paid: Set<object>;
}

/** What one question may spend: what it takes is gone for the run as well. */
export interface Work extends Budget {
  readonly run: Run;
}

/** Two or three seconds. */
export const RUN_STEPS = 40_000_000;
/** Half a second. */
export const QUESTION_STEPS = 10_000_000;
/** For each question, and for each rule that it is about, whatever the run has left. */
const ALLOWANCE = 20_000;
const ALLOWANCE_OF_RULE = 2_000;

export const newRun = (steps: number = RUN_STEPS): Run => ({ left: steps, paid: new Set() });

/** The share of one question about so many rules. */
export function workFor(run: Run, rules: number, most: number = QUESTION_STEPS): Work {
  return { left: Math.max(Math.min(most, run.left), ALLOWANCE + ALLOWANCE_OF_RULE * rules), run };
}

/** As `withWork`, for a part of a question that may be given up alone. */
export function withPart<T>(work: Work, most: number, ask: (work: Work) => T): T {
  const part = { left: Math.min(work.left, most), run: work.run };
  const before = part.left;
  try {
    return ask(part);
  } finally {
    work.left -= before - part.left;
  }
}

/** Does `ask` and takes what it spent from the run. */
export function withWork<T>(run: Run, rules: number, ask: (work: Work) => T, most?: number): T {
  const work = workFor(run, rules, most);
  const before = work.left;
  try {
    return ask(work);
  } finally {
    run.left -= before - work.left;
  }
}
