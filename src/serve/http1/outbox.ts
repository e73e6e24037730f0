// Collects what is written to a socket during one turn of the event loop and sends it in one write: a head with its
// small body costs one system call. Says when the socket is full, and when it is no longer.

import type { Socket } from 'node:net';

/** More than this waiting for the socket stops the other side. Bytes. */
const HIGH_WATER = 65_536;
/** Up to this many bytes are copied together; more go out part by part. */
const COPY_LIMIT = 65_536;

const NOTHING: readonly (string | Buffer)[] = [];

export class Outbox {
  private readonly socket: Socket;
  private readonly onWritable: () => void;
  /** What waits, in this order: nearly always a head and at most one piece of a body. */
  private text = '';
  private body: Buffer | undefined;
  private more: (string | Buffer)[] | undefined;
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
    if (this.more !== undefined) this.more.push(part);
    else if (this.body !== undefined) this.more = [part];
    else if (typeof part === 'string') this.text += part;
    else this.body = part;
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
    const { socket } = this;
    if (this.bytes > 0 && !socket.destroyed && socket.writable) this.send();
    if (this.ending) socket.end();
    else if (this.blocked && !socket.writableNeedDrain) this.release();
  };

  private readonly release = (): void => {
    if (!this.blocked || this.socket.destroyed) return;
    this.blocked = false;
    this.onWritable();
  };

  private send(): void {
    const { socket, text, body, more, bytes } = this;
    this.text = '';
    this.body = undefined;
    this.more = undefined;
    this.bytes = 0;
    if (body === undefined) socket.write(text, 'latin1');
    else if (text === '' && more === undefined) socket.write(body);
    else if (bytes <= COPY_LIMIT) {
      const all = Buffer.allocUnsafe(bytes);
      let at = all.write(text, 0, 'latin1');
      at += body.copy(all, at);
      for (const part of more ?? NOTHING)
        at += typeof part === 'string' ? all.write(part, at, 'latin1') : part.copy(all, at);
      socket.write(all);
    } else {
      socket.cork();
      if (text !== '') socket.write(text, 'latin1');
      socket.write(body);
      for (const part of more ?? NOTHING) {
        if (typeof part === 'string') socket.write(part, 'latin1');
        else socket.write(part);
      }
      socket.uncork();
    }
  }
}
