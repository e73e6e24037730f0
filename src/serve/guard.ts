// Where a bug stops: whatever a socket, a timer or a destination brings is handled inside `guard`, so that an error that
// nothing expected costs one request or one connection, and the gateway goes on.

import type { HeaderList, RequestEvents } from './message.js';

export type OnBug = (error: unknown) => void;

/** What `run` throws goes to `onBug`. */
export function guard(run: () => void, onBug: OnBug): void {
  try {
    run();
  } catch (error) {
    onBug(error);
  }
}

/** The events of a request, each in a guard. */
export class GuardedEvents implements RequestEvents {
  private readonly events: RequestEvents;
  private readonly onBug: OnBug;

  constructor(events: RequestEvents, onBug: OnBug) {
    this.events = events;
    this.onBug = onBug;
  }

  onRequestData(chunk: Buffer): void {
    guard(() => this.events.onRequestData(chunk), this.onBug);
  }

  onRequestEnd(trailers: HeaderList): void {
    guard(() => this.events.onRequestEnd(trailers), this.onBug);
  }

  onClientGone(): void {
    guard(() => this.events.onClientGone(), this.onBug);
  }

  onClientWritable(): void {
    guard(() => this.events.onClientWritable(), this.onBug);
  }
}
