// How heads and chunks look on the wire of HTTP/1.1. Text is latin1.

import { STATUS_CODES } from 'node:http';
import type { BodyFraming, HeaderList } from '../message.js';

/** What comes from a parser was checked by it, what comes from configuration in `header-list.ts`. */
export function headerLines(headers: HeaderList): string {
  let text = '';
  for (let i = 0; i + 1 < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return text;
}

export const framingLine = (body: BodyFraming): string =>
  body === 'none' ? '' : body === 'stream' ? 'transfer-encoding: chunked\r\n' : `content-length: ${body}\r\n`;

const STATUS_LINES = new Map<number, string>();

/** There are at most 900 of them, so each is made once. */
export function statusLine(status: number): string {
  let line = STATUS_LINES.get(status);
  if (line === undefined) {
    line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n`;
    STATUS_LINES.set(status, line);
  }
  return line;
}

export const chunkStart = (length: number): string => `${length.toString(16)}\r\n`;

export const lastChunk = (trailers: HeaderList): string =>
  trailers.length === 0 ? '0\r\n\r\n' : `0\r\n${headerLines(trailers)}\r\n`;
