// --record: what happens to the file.

import { openSync, writeSync } from 'node:fs';
import { CannotRunError } from '../diagnostics/index.js';
import type { ExchangeRecord } from '../serve/index.js';

/** Writes a JSON array that is whole after every exchange. */
export function recorder(
  file: string,
  exchangeOf: (record: ExchangeRecord) => unknown,
): (record: ExchangeRecord) => void {
  let fd: number;
  try {
    fd = openSync(file, 'w');
  } catch (error) {
    throw new CannotRunError(
      `cannot write ${file}: ${(error as Error).message}`,
      'name a file that can be written with --record',
    );
  }
  writeSync(fd, '[]\n');
  let at = 1;
  return (record) => {
    const exchange = exchangeOf(record);
    if (exchange === undefined) return;
    const text = `${at === 1 ? '\n' : ',\n'}${JSON.stringify(exchange)}`;
    writeSync(fd, `${text}\n]\n`, at);
    at += Buffer.byteLength(text);
  };
}
