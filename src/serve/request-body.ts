// The body of one request: what is held of it for an attempt that has not begun or may be made again, whether it has
// ended, and whether the client is stopped.

import type { ClientStream, HeaderList } from './message.js';

/** So much of a body that nobody takes yet stops the client. */
export const HOLD_BYTES = 65_536;
const NO_CHUNKS: readonly Buffer[] = [];
const NO_TRAILERS: HeaderList = [];

export class RequestBody {
  ended = false;
  trailers: HeaderList = NO_TRAILERS;
  /** Bytes that are held. */
  heldBytes = 0;
  private readonly client: ClientStream;
  private chunks: Buffer[] | undefined;
  private paused = false;

  constructor(client: ClientStream) {
    this.client = client;
  }

  get held(): readonly Buffer[] {
    return this.chunks ?? NO_CHUNKS;
  }

  hold(chunk: Buffer): void {
    if (this.chunks === undefined) this.chunks = [chunk];
    else this.chunks.push(chunk);
    this.heldBytes += chunk.length;
  }

  drop(): void {
    this.chunks = undefined;
    this.heldBytes = 0;
  }

  end(trailers: HeaderList): void {
    this.ended = true;
    this.trailers = trailers;
  }

  pause(): void {
    this.paused = true;
    this.client.pauseRequest();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.client.resumeRequest();
  }
}
