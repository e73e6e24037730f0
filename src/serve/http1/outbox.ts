// Collects what is written to a socket during one turn of the event loop and sends it in one write: a head with its
// small body costs one system call. Says when the socket is full, and when it is no longer.

import type { Socket } from 'node:net';

/** More than this waiting for the socket stops the other side. Bytes. */
const HIGH_WATER = 65_536;
/** Up to this many bytes are copied together; more go out part by part. */
const COPY_LIMIT = 65_536;

export class Outbox {
  private readonly socket: Socket;
  private readonly onWritable: () => void;
  private parts: (string | Buffer)[] = [];
  private bytes = 0;
  private scheduled = false;
  private blocked = false;
  /** After the last byte: end the socket's sending side. */
  private ending = false;

  constructor(socket: Socket, onWritable: () => void) {
    this.socket = socket;
    this.onWritable = onWritable;
    socket.on('drain', this.release);
  }

  /** Latin1 text (one byte a character) or bytes. `false`: full, wait for `onWritable`. */
  push(part: string | Buffer): boolean {
    this.parts.push(part);
    this.bytes += part.length;
    if (!this.scheduled) {
      this.scheduled = true;
      process.nextTick(this.flush);
    }
    if (this.bytes + this.socket.writableLength < HIGH_WATER) return true;
    this.blocked = true;
    return false;
  }

  get full(): boolean {
    return this.blocked;
  }

  end(): void {
    this.ending = true;
    if (!this.scheduled) this.flush();
  }

  readonly flush = (): void => {
    this.scheduled = false;
    const { socket, parts, bytes } = this;
    if (parts.length > 0 && !socket.destroyed && socket.writable) {
      this.parts = [];
      this.bytes = 0;
      this.send(parts, bytes);
    }
    if (this.ending) socket.end();
    else if (this.blocked && !socket.writableNeedDrain) this.release();
  };

  private readonly release = (): void => {
    if (!this.blocked || this.socket.destroyed) return;
    this.blocked = false;
    this.onWritable();
  };

  private send(parts: readonly (string | Buffer)[], bytes: number): void {
    const { socket } = this;
    const first = parts[0];
    if (parts.length === 1 && first !== undefined) {
      if (typeof first === 'string') socket.write(first, 'latin1');
      else socket.write(first);
      return;
    }
    if (bytes <= COPY_LIMIT) {
      const all = Buffer.allocUnsafe(bytes);
      let at = 0;
      for (const part of parts) {
        if (typeof part === 'string') at += all.write(part, at, 'latin1');
        else at += part.copy(all, at);
      }
      socket.write(all);
      return;
    }
    socket.cork();
    for (const part of parts) {
      if (typeof part === 'string') socket.write(part, 'latin1');
      else socket.write(part);
    }
    socket.uncork();
  }
}
