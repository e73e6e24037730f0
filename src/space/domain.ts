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
import { engines } from '../simulate/engines/index.gen.js';
import { DOT_SEGMENT } from '../simulate/engines/normalize-path.js';

export interface Domain {
  readonly alphabet: CharSet;
  readonly words: Dfa;
}

/** Printable, without lone surrogates. */
const PRINTABLE: CharSet = [0x20, 0x7e, 0xa1, 0xd7ff, 0xe000, 0xfffd, 0x10000, 0x10ffff];
const without = (text: string): CharSet => intersectChars(PRINTABLE, complementChars(charsOf(text)));

const made = new Map<string, Domain>();

function domain(key: string, alphabetOf: () => CharSet, pattern: string, forbidden: readonly string[] = []): Domain {
  const known = made.get(key);
  if (known) return known;
  const alphabet = alphabetOf();
  const dfas = [pattern, ...forbidden].map((p) => compileDfa(parseRegex(p), alphabet));
  const words = dfas.length === 1 ? dfas[0]! : combine(dfas, ([taken, ...bad]) => taken! && !bad.includes(true));
  const result = { alphabet, words };
  made.set(key, result);
  return result;
}

/** Characters that every engine leaves alone and sees alike. */
const ALIKE = "[A-Za-z0-9\\-._~!$&'()*+,;=:@/\\[\\]]";

/**
 * Paths, without query, as routes match them. Of several engines: paths that all of them leave alone and see alike, so
 * that one request asks both the same.
 */
export function pathDomain(names: readonly Engine[]): Domain {
  const [name = 'plain', ...others] = new Set(names);
  if (others.length > 0)
    return domain('path several', () => without(' ?#%"<>^`{}\\'), `/${ALIKE}*`, ['.*//.*', DOT_SEGMENT]);
  const { paths } = engines[name];
  return domain(`path ${name}`, () => without(paths.without), paths.pattern, paths.never);
}

/** Header values: no space at either end, where it would be trimmed (RFC 9110 section 5.5). Empty values exist. */
export const headerDomain = (): Domain => domain('header', () => PRINTABLE, '|[^ ]|[^ ].*[^ ]');

/** Query values: not decoded. */
export const queryDomain = (): Domain => domain('query', () => without(' #&'), '.*');

/** Tokens of letters: what clients send as methods. */
export const methodDomain = (): Domain =>
  domain('method', () => charsOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ-_'), '[A-Z](?:[A-Z_-]*[A-Z])?');

/** Host headers with their port. */
export const hostDomain = (): Domain =>
  domain(
    'host',
    () => charsOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:[]*'),
    '(?:[A-Za-z0-9_*-]+(?:\\.[A-Za-z0-9_*-]+)*\\.?|\\[[0-9a-fA-F:.]+\\])(?::[0-9]{1,5})?',
  );

/** Values of claims: any printable text. */
export const claimDomain = (): Domain => domain('claim', () => PRINTABLE, '.*');

/** What a gateway sees in x-forwarded-for: the client's lines, then its address. */
export const forwardedForDomain = (): Domain =>
  domain('x-forwarded-for', () => PRINTABLE, '(?:[^ ].*,)?127\\.0\\.0\\.1');

export const inDomain = (d: Domain, text: string): boolean => acceptsText(d.words, text);

/** Whether every engine sees the path of a request as it is written. */
export const isSeenAsWritten = (path: string, engines: readonly Engine[]): boolean =>
  inDomain(pathDomain(engines), path.split('?')[0]!);
