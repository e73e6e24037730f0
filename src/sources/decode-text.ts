// From bytes to text: UTF-8 without a byte order mark, and a clear word about everything that is not.

import { isUtf8 } from 'node:buffer';
import type { Diagnostic } from '../diagnostics/index.js';
import { MAX_FILE_BYTES, megabytes } from '../files/index.js';
import { finding } from './finding.js';

/** What to say about an input that is too large. */
export const tooLarge = (file: string): Diagnostic =>
  finding(
    'tooLarge',
    `this file is larger than ${megabytes(MAX_FILE_BYTES)}, the limit of meshgw: split it, or name only the files that hold configuration`,
    { file, line: 1, column: 1 },
  );

export type Decoded = { readonly text: string } | { readonly problem: Diagnostic };

export function decodeText(file: string, content: string | Uint8Array): Decoded {
  const bytes = typeof content === 'string' ? undefined : content;
  const size = bytes ? bytes.length : Buffer.byteLength(content as string);
  if (size > MAX_FILE_BYTES) return { problem: tooLarge(file) };
  const wide = bytes && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
  if (wide) return failure(file, 'this is UTF-16 text: save it as UTF-8 (PowerShell: `| Out-File -Encoding utf8`)');
  if (bytes && looksBinary(bytes))
    return failure(file, 'this is a binary file, not YAML or JSON: remove it from the input');
  if (bytes && !isUtf8(bytes)) return brokenUtf8(file, bytes);
  const text = bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8') : (content as string);
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (JSONNET.test(file) && !isJson(plain))
    return failure(file, `this is Jsonnet: render it first, e.g. \`jsonnet ${file} | meshgw lint -\``, 'template');
  // Line breaks of old Macs are line breaks for YAML too; the rest of sources/ only knows \n.
  return { text: plain.includes('\r') ? plain.replace(/\r(?!\n)/g, '\n') : plain };
}

/** A superset of JSON, some of which is YAML by chance. */
const JSONNET = /\.(?:jsonnet|libsonnet)$/;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const failure = (
  file: string,
  message: string,
  what: 'encoding' | 'template' = 'encoding',
  line = 1,
  column = 1,
): Decoded => ({
  problem: finding(what, message, { file, line, column }),
});

/** Several NUL bytes near the beginning: no text editor writes them. One alone is reported where it stands. */
function looksBinary(bytes: Uint8Array): boolean {
  let nuls = 0;
  for (const byte of bytes.subarray(0, 8192)) if (byte === 0) nuls++;
  return nuls > 1;
}

/** The place of the first byte that UTF-8 does not allow. */
function brokenUtf8(file: string, bytes: Uint8Array): Decoded {
  let low = 0;
  let high = bytes.length;
  // Longest prefix of whole characters: a cut inside a character is taken back to its first byte.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isUtf8(bytes.subarray(0, characterStart(bytes, middle)))) low = middle;
    else high = middle - 1;
  }
  const good = Buffer.from(bytes.subarray(0, characterStart(bytes, low))).toString('utf8');
  const lastBreak = good.lastIndexOf('\n');
  const line = good.split('\n').length;
  const byte = (bytes[characterStart(bytes, low)] ?? 0).toString(16).padStart(2, '0');
  return failure(
    file,
    `byte 0x${byte} is not UTF-8: save the file as UTF-8`,
    'encoding',
    line,
    good.length - lastBreak,
  );
}

/** `at`, or the beginning of the character that `at` cuts. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && at - start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  return start;
}
