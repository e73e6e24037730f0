// Time for things that need no precision: read once in a while instead of at every request. Also checks deadlines,
// so that a connection needs no timer of its own.

import { guard, type OnBug } from './guard.js';

const TICK_MS = 250;

/** Something with a point in time at which it must have moved on. */
export interface Watched {
  /** Ms since the epoch; `Infinity`: none. */
  deadline: number;
  onDeadline(): void;
}

export interface Clock {
  /** Ms since the epoch, at most a quarter of a second old. */
  now: number;
  /** `date` header's value. */
  httpDate: string;
  watch(thing: Watched): void;
  unwatch(thing: Watched): void;
  stop(): void;
}

/** `onBug`: a deadline that could not be handled; it is forgotten. */
export function startClock(onBug: OnBug): Clock {
  const watched = new Set<Watched>();
  let second = -1;
  const tick = () => {
    clock.now = Date.now();
    const s = Math.floor(clock.now / 1000);
    if (s !== second) {
      second = s;
      clock.httpDate = new Date(clock.now).toUTCString();
    }
    for (const thing of watched) {
      if (thing.deadline > clock.now) continue;
      guard(
        () => thing.onDeadline(),
        (error) => {
          watched.delete(thing);
          onBug(error);
        },
      );
    }
  };
  const timer = setInterval(tick, TICK_MS);
  timer.unref();
  const clock: Clock = {
    now: 0,
    httpDate: '',
    watch: (thing) => watched.add(thing),
    unwatch: (thing) => watched.delete(thing),
    stop: () => clearInterval(timer),
  };
  tick();
  return clock;
}
