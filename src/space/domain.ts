// Which strings exist in each dimension: only what a client can really send, and of paths only those that the
// engine's normalisation leaves alone, so that a predicate sees what the witness says.
// Left out on purpose (documented in docs/algebra.md): control characters in paths, queries and header values.

import type { Engine } from '../model/index.js';
import {
  acceptsText,
  type CharSet,
  charsOf,
  combine,
  compileDfa,
  complementChars,
  type Dfa,
  intersectChars,
  parseRegex,
} from '../regex/index.js';

export interface Domain {
  readonly alphabet: CharSet;
  readonly words: Dfa;
}

/** Printable, without lone surrogates. */
const PRINTABLE: CharSet = [0x20, 0x7e, 0xa1, 0xd7ff, 0xe000, 0xfffd, 0x10000, 0x10ffff];
const without = (text: string): CharSet => intersectChars(PRINTABLE, complementChars(charsOf(text)));

const made = new Map<string, Domain>();

function domain(key: string, alphabet: CharSet, pattern: string, forbidden: readonly string[] = []): Domain {
  const known = made.get(key);
  if (known) return known;
  const dfas = [pattern, ...forbidden].map((p) => compileDfa(parseRegex(p), alphabet));
  const words = dfas.length === 1 ? dfas[0]! : combine(dfas, ([taken, ...bad]) => taken! && !bad.includes(true));
  const result = { alphabet, words };
  made.set(key, result);
  return result;
}

/** What Envoy's normalisation keeps (recorded rules in simulate/engines/normalize-path.ts; googleurl url_canon_path.cc). */
const ENVOY_PATH = "[A-Za-z0-9\\-._~!$&'()*+,;=:@/\\[\\]|%]";
/** Escapes that it undoes, and %00, which it refuses. */
const ENVOY_UNESCAPED = '%(?:00|3[0-9]|4[1-9A-Fa-f]|5[0-9Aa]|5[Ff]|6[1-9A-Fa-f]|7[0-9Aa]|7[Ee]|2[DdEe])';
const DOT_SEGMENT = '.*/\\.\\.?(?:/.*)?';

/**
 * Paths, without query, as routes match them. Of several engines: paths that all of them leave alone and see alike, so
 * that one request asks both the same.
 */
export function pathDomain(engines: readonly Engine[]): Domain {
  const [engine = 'plain', ...others] = [...new Set(engines)].sort();
  if (others.length > 0) {
    // In nginx a path is decoded, so `%` stands for something else than in the others.
    const chars = others.includes('nginx') ? ENVOY_PATH.replace('%', '') : ENVOY_PATH;
    return domain('path several', without(' ?#%"<>^`{}\\'), `/${chars}*`, ['.*//.*', DOT_SEGMENT]);
  }
  switch (engine) {
    case 'envoy':
      return domain('path envoy', without(' ?#"<>^`{}\\'), `/${ENVOY_PATH}*`, [`.*${ENVOY_UNESCAPED}.*`, DOT_SEGMENT]);
    case 'nginx':
      // Decoded and with slashes merged: any printable character can arrive, written %XX.
      return domain('path nginx', PRINTABLE, '/.*', ['.*//.*', DOT_SEGMENT]);
    case 'plain':
      return domain('path plain', without(' ?#'), '/.*');
  }
}

/** Header values: no space at either end, where it would be trimmed (RFC 9110 section 5.5). Empty values exist. */
export const headerDomain = (): Domain => domain('header', PRINTABLE, '|[^ ]|[^ ].*[^ ]');

/** Query values: not decoded. */
export const queryDomain = (): Domain => domain('query', without(' #&'), '.*');

/** Tokens of letters: what clients send as methods. */
export const methodDomain = (): Domain =>
  domain('method', charsOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ-_'), '[A-Z](?:[A-Z_-]*[A-Z])?');

/** Host headers with their port. */
export const hostDomain = (): Domain =>
  domain(
    'host',
    charsOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:[]*'),
    '(?:[A-Za-z0-9_*-]+(?:\\.[A-Za-z0-9_*-]+)*\\.?|\\[[0-9a-fA-F:.]+\\])(?::[0-9]{1,5})?',
  );

/** Values of claims: any printable text. */
export const claimDomain = (): Domain => domain('claim', PRINTABLE, '.*');

/** What a gateway sees in x-forwarded-for: the client's lines, then its address. */
export const forwardedForDomain = (): Domain => domain('x-forwarded-for', PRINTABLE, '(?:[^ ].*,)?127\\.0\\.0\\.1');

export const inDomain = (d: Domain, text: string): boolean => acceptsText(d.words, text);

/** Whether every engine sees the path of a request as it is written. */
export const isSeenAsWritten = (path: string, engines: readonly Engine[]): boolean =>
  inDomain(pathDomain(engines), path.split('?')[0]!);
