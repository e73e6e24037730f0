// How heads and chunks look on the wire of HTTP/1.1. Text is latin1.

import { STATUS_CODES } from 'node:http';
import type { BodyFraming, HeaderList } from '../message.js';

/** A header line. A line break or NUL in a value that came from a template would be a second header: such a line is left out. */
function line(name: string, value: string): string {
  return unsafe(name) || unsafe(value) ? '' : `${name}: ${value}\r\n`;
}

function unsafe(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13 || c === 0 || c > 255) return true;
  }
  return false;
}

export function headerLines(headers: HeaderList): string {
  let text = '';
  for (let i = 0; i + 1 < headers.length; i += 2) text += line(headers[i] as string, headers[i + 1] as string);
  return text;
}

export const framingLine = (body: BodyFraming): string =>
  body === 'none' ? '' : body === 'stream' ? 'transfer-encoding: chunked\r\n' : `content-length: ${body}\r\n`;

export const statusLine = (status: number): string => `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n`;

export const chunkStart = (length: number): string => `${length.toString(16)}\r\n`;

export const lastChunk = (trailers: HeaderList): string =>
  trailers.length === 0 ? '0\r\n\r\n' : `0\r\n${headerLines(trailers)}\r\n`;
