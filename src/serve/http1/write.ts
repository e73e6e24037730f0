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

/** What frames, routes or belongs to one hop must not come behind a body (RFC 9110 6.5.1); HTTP/2 peers send such trailers. */
const NOT_IN_TRAILERS = new Set(
  'connection content-length host keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(' '),
);

export function lastChunk(trailers: HeaderList): string {
  if (trailers.length === 0) return '0\r\n\r\n';
  const kept = trailers.filter((_, i) => !NOT_IN_TRAILERS.has(trailers[i - (i % 2)] as string));
  return `0\r\n${headerLines(kept)}\r\n`;
}
