// --record: what happens to the file.

import { closeSync, fstatSync, ftruncateSync, writeSync } from 'node:fs';
import { CannotRunError } from '../../diagnostics/index.js';
import { openForWriting } from '../../files/index.js';
import { counted } from '../../model/index.js';
import type { RecordedExchange } from '../../serve/index.js';

/** Requests hold credentials: for the user alone. */
const MODE = 0o600;

/**
 * Writes a JSON array that is whole after every exchange. A write that fails (the disk is full) loses that exchange and nothing
 * else: `notice` is called once, and once more when writing works again. Throws CannotRunError where the file cannot be opened.
 */
export function recorder(
  file: string,
  cwd: string,
  notice: (text: string) => void,
): (exchange: RecordedExchange) => void {
  const fd = openRecord(file, cwd);
  let at = 1;
  let lost = 0;
  return (exchange) => {
    const text = Buffer.from(`${at === 1 ? '\n' : ',\n'}${JSON.stringify(exchange)}`);
    try {
      writeWhole(fd, Buffer.concat([text, END]), at);
      at += text.length;
      if (lost > 0) notice(`--record: ${file} can be written again, without ${counted(lost, 'exchange')}`);
      lost = 0;
    } catch (error) {
      if (lost === 0) notice(`--record: cannot write ${file}: ${(error as Error).message}; serve keeps running`);
      lost++;
      closeArray(fd, at);
    }
  };
}

/** What the user should know of the file. */
export const recordText = (file: string, credentials: boolean): string =>
  credentials
    ? `note: ${file} holds the credentials that clients send (--record-credentials); only you can read it`
    : `note: ${file} holds what clients send; credentials in headers and queries that are known as such are masked (--record-credentials keeps them). Only you can read it`;

const END = Buffer.from('\n]\n');

/** Exchanges are written over the end of the array, which only a regular file allows. */
function openRecord(file: string, cwd: string): number {
  const fd = openForWriting(file, { cwd, mode: MODE }, (opened) => writeWhole(opened, Buffer.from('[]\n'), 0));
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new CannotRunError(`cannot write ${file}: not a regular file`, 'name a file that can be written with --record');
}

/** A full disk may take a part. */
function writeWhole(fd: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, at + done);
}

/** Without the part of an exchange that was written; there is room for this, because it was there before. */
function closeArray(fd: number, at: number): void {
  try {
    ftruncateSync(fd, at);
    writeWhole(fd, at === 1 ? Buffer.from(']\n') : END, at);
  } catch {
    // The next exchange tries again.
  }
}
