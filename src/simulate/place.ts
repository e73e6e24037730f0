// Where the rule of a step stands in the files.

import type { Origin, TraceStep } from '../model/index.js';

/** Adds `matched` to a step where places are wanted. */
export type Place = (origin: Origin | undefined) => Pick<TraceStep, 'matched'>;
