// What the files do not say and was taken for given: reported once on stderr, and in JSON outputs that are objects.

import type { Assumption } from '../model/index.js';
import { visible } from '../report/visible.js';
import type { Io } from './io.js';

type Told = Pick<Assumption, 'code' | 'message' | 'hint'>;

const said = new WeakMap<Io, Set<string>>();

/** Each is named once in a run, with how to say it. */
export function sayAssumptions(assumptions: readonly Told[], io: Io): void {
  const before = said.get(io) ?? new Set();
  said.set(io, before);
  for (const { message, hint } of assumptions) {
    const line = visible(`assumed: ${message}${hint === undefined ? '' : ` (${hint})`}`);
    if (!before.has(line)) io.stderr.write(`${line}\n`);
    before.add(line);
  }
}

/** Of a JSON output; absent: nothing was assumed. */
export const assumedPart = (assumptions: readonly Assumption[]): { readonly assumptions?: readonly Told[] } =>
  assumptions.length === 0
    ? {}
    : { assumptions: assumptions.map(({ code, message, hint }) => ({ code, message, ...(hint ? { hint } : {}) })) };
