// How a value is named in a message, and why unquoted text became something else.

import type { Json } from '../model/index.js';
import { isBooleanWord } from './yaml11.js';

/** `a boolean (true)`, for messages. */
export function describeValue(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  return `${typeof value === 'boolean' ? 'a boolean' : 'a number'} (${value})`;
}

/** Why unquoted text became something else, and what to write: for a value that had to be text. */
export function quoteHint(written: string | undefined): string {
  if (written === undefined || written === '') return '';
  if (isBooleanWord(written))
    return `; \`${written}\` is a boolean in YAML 1.1 (as y, n, yes, no, on and off are): quote it: "${written}"`;
  return `; quote it: "${written}"`;
}
