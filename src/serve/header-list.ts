// Reading and changing a header list (name, value by turns; lower-case names).

import type { HeaderEdit } from '../simulate/index.js';
import type { HeaderList } from './message.js';
import { toWire } from './wire-text.js';

/** First line of that name. */
export function headerOf(headers: readonly string[], name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === name) return headers[i + 1];
  return undefined;
}

export function linesOf(headers: readonly string[], name: string): string[] {
  return headers.filter((_, i) => i % 2 === 1 && headers[i - 1] === name);
}

export function removeHeader(headers: HeaderList, name: string): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) if (headers[i] === name) headers.splice(i, 2);
}

/** Replaces the first line and drops the others; appends where there is none. */
export function setHeader(headers: HeaderList, name: string, value: string): void {
  let found = false;
  for (let i = 0; i < headers.length; ) {
    if (headers[i] !== name) i += 2;
    else if (found) headers.splice(i, 2);
    else {
      headers[i + 1] = value;
      found = true;
      i += 2;
    }
  }
  if (!found) headers.push(name, value);
}

/** Frames and hops are serve's own business: a change of these names would make two readings of one message. */
const FRAMING = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'keep-alive',
  'host',
  ':authority',
  ':path',
]);

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const isToken = (name: string): boolean => TOKEN.test(name);

/** A line break or NUL from a template would be a second header. */
export function isFieldValue(wire: string): boolean {
  for (let i = 0; i < wire.length; i++) {
    const c = wire.charCodeAt(i);
    if (c === 10 || c === 13 || c === 0) return false;
  }
  return true;
}

/** `status`: of the response that late values read; absent on a request. */
export function applyEdits(headers: HeaderList, edits: readonly HeaderEdit[], status?: number): void {
  for (const edit of edits) {
    if (FRAMING.has(edit.name)) continue;
    if (edit.op === 'remove') {
      removeHeader(headers, edit.name);
      continue;
    }
    let { value } = edit;
    if (edit.late && status !== undefined) {
      value = edit.late({ status, header: (name) => headerOf(headers, name) });
      if (value === '') continue;
    }
    const wire = toWire(value);
    if (!isToken(edit.name) || !isFieldValue(wire)) continue;
    if (edit.op === 'set') setHeader(headers, edit.name, wire);
    else headers.push(edit.name, wire);
  }
}
