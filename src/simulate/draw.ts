// Random choices are an input. This is the stream that `--seed` names.

import type { Draw } from './decision.js';

/** A stream of numbers that depends on the seed alone (mulberry32: public domain, T. Ettinger). */
export function seededDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (max) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * max);
  };
}
