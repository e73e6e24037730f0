// RE2 matching in linear time: the only place where a user's pattern becomes a program (re2js, a port of RE2).
// Envoy matches whole values (RE2::FullMatch) and rewrites with RE2::GlobalReplace: source/common/common/regex.cc.

import { RE2JS } from 're2js';
import { onceForTail, splitPattern } from './tail.js';

/** A compiled pattern. Every call is linear in the length of the text. */
export interface CompiledRegex {
  readonly pattern: string;
  /** The whole text matches. */
  fullMatch(text: string): boolean;
  /** A match that begins at the first character (nginx locations, Envoy never). */
  prefixMatch(text: string): boolean;
  /** A match anywhere. */
  find(text: string): boolean;
  /** The text of the first match anywhere; undefined: none. */
  first(text: string): string | undefined;
  /**
   * `\1`..`\9` and `\0` in the substitution are captures, `\\` a backslash; anything else after a backslash ends the substitution there. A
   * capture that the pattern does not have leaves the text as it is (asked of Envoy: fixtures/recorded/rewrites-with-odd-references).
   */
  replaceAll(text: string, substitution: string): string;
  /** The first match only; a capture that the pattern does not have is empty. */
  replaceFirst(text: string, substitution: string): string;
  /** Capture groups of the whole match, `undefined` where a group took no part; null: no full match. */
  captures(text: string): readonly (string | undefined)[] | null;
}

/** Patterns longer than this are refused. Istio refuses above 1024 characters (pkg/config/validation/agent, validateStringRegexp). */
export const MAX_PATTERN_LENGTH = 16_384;

/** Why a pattern cannot be used: its text is for the user. */
export class BadPatternError extends Error {
  readonly pattern: string;
  constructor(pattern: string, detail: string) {
    super(`not a valid RE2 pattern: ${detail}`);
    this.name = 'BadPatternError';
    this.pattern = pattern;
  }
}

/** Why RE2 refuses a pattern; undefined: it does not. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) return `longer than ${MAX_PATTERN_LENGTH}`;
  const { head, tail } = splitPattern(pattern);
  const problem = problemOfTail(tail);
  return problem === undefined || head === '' ? problem : compileProblem(pattern);
}

/** Plain text in front of a pattern makes it neither right nor wrong. */
const problemOfTail = onceForTail(({ pattern }) => compileProblem(pattern));

function compileProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Compiles a pattern. @throws BadPatternError */
export function compileRegex(pattern: string, flags: { readonly ignoreCase?: boolean } = {}): CompiledRegex {
  if (pattern.length > MAX_PATTERN_LENGTH) throw new BadPatternError(pattern, `longer than ${MAX_PATTERN_LENGTH}`);
  return flags.ignoreCase
    ? ofProgram(pattern, programOf(pattern, RE2JS.CASE_INSENSITIVE))
    : (sharedProgram(pattern) ?? ofProgram(pattern, programOf(pattern, 0)));
}

const ofProgram = (pattern: string, program: RE2JS): CompiledRegex => ({
  pattern,
  fullMatch: (text) => program.testExact(text),
  prefixMatch: (text) => program.matcher(text).lookingAt(),
  find: (text) => program.test(text),
  first: (text) => {
    const m = program.matcher(text);
    return m.find() ? (m.group(0) ?? undefined) : undefined;
  },
  replaceAll: (text, substitution) => replace(program, text, substitution, { all: true }),
  replaceFirst: (text, substitution) => replace(program, text, substitution, { all: false }),
  captures: (text) => {
    const m = program.matcher(text);
    if (!m.matches()) return null;
    return Array.from({ length: m.groupCount() + 1 }, (_, i) => m.group(i) ?? undefined);
  },
});

/** Such a pattern matches at the beginning of a text or nowhere. */
const ANCHORED = /^(?:\^(?:\(\?i\))?|\(\?i\)\^)/;
/** Characters beyond ASCII that RE2 takes for `s` and `k` in any case. */
const FOLDED = /[\u017f\u212a]/;

/**
 * A pattern that begins with plain text, by the program of what stands behind it, which patterns that differ in this text only share:
 * a program is a hundred times as large as the text. Undefined: the pattern begins otherwise. @throws BadPatternError
 */
function sharedProgram(pattern: string): CompiledRegex | undefined {
  const anchor = ANCHORED.exec(pattern)?.[0] ?? '';
  const { head, tail } = splitPattern(pattern.slice(anchor.length));
  if (head === '' || tail.tree === undefined) return undefined;
  const program = programOf(anchor + tail.pattern, 0);
  return new BehindText(pattern, anchor, head, program);
}

/** `program` takes what stands behind `head`. */
class BehindText implements CompiledRegex {
  readonly pattern: string;
  readonly #head: string;
  readonly #program: RE2JS;
  readonly #anchored: boolean;
  readonly #anyCase: boolean;

  constructor(pattern: string, anchor: string, head: string, program: RE2JS) {
    this.pattern = pattern;
    this.#head = head;
    this.#program = program;
    this.#anchored = anchor !== '';
    this.#anyCase = anchor.includes('(?i)');
  }

  /** The whole pattern's own, for texts that the parts say nothing about. */
  #own(): CompiledRegex {
    return ofProgram(this.pattern, programOf(this.pattern, 0));
  }

  #isOdd(text: string): boolean {
    return this.#anyCase && FOLDED.test(text);
  }

  /** What stands behind the head; undefined: the text begins otherwise. */
  #rest(text: string): string | undefined {
    const { length } = this.#head;
    const same = this.#anyCase
      ? text.slice(0, length).toLowerCase() === this.#head.toLowerCase()
      : text.startsWith(this.#head);
    return same ? text.slice(length) : undefined;
  }

  fullMatch(text: string): boolean {
    if (this.#isOdd(text)) return this.#own().fullMatch(text);
    const rest = this.#rest(text);
    return rest !== undefined && this.#program.testExact(rest);
  }

  prefixMatch(text: string): boolean {
    if (this.#isOdd(text)) return this.#own().prefixMatch(text);
    const rest = this.#rest(text);
    return rest !== undefined && this.#program.matcher(rest).lookingAt();
  }

  find(text: string): boolean {
    return this.first(text) !== undefined;
  }

  first(text: string): string | undefined {
    if (!this.#anchored || this.#isOdd(text)) return this.#own().first(text);
    const rest = this.#rest(text);
    if (rest === undefined) return undefined;
    const m = this.#program.matcher(rest);
    return m.find() ? text.slice(0, this.#head.length) + m.group(0) : undefined;
  }

  replaceAll(text: string, substitution: string): string {
    if (!this.#anchored || this.#isOdd(text)) return this.#own().replaceAll(text, substitution);
    return this.#replaced(text, substitution, true);
  }

  replaceFirst(text: string, substitution: string): string {
    if (!this.#anchored || this.#isOdd(text)) return this.#own().replaceFirst(text, substitution);
    return this.#replaced(text, substitution, false);
  }

  #replaced(text: string, substitution: string, all: boolean): string {
    const rest = this.#rest(text);
    if (rest === undefined) return text;
    return replace(this.#program, rest, substitution, { all, head: text.slice(0, this.#head.length) });
  }

  captures(text: string): readonly (string | undefined)[] | null {
    if (this.#isOdd(text)) return this.#own().captures(text);
    const rest = this.#rest(text);
    const m = rest === undefined ? undefined : this.#program.matcher(rest);
    if (!m?.matches()) return null;
    return [text, ...Array.from({ length: m.groupCount() }, (_, i) => m.group(i + 1) ?? undefined)];
  }
}

/** A comparison compiles both sides more than once, a file has one pattern in many rules: programs of ordinary patterns are remembered. */
const programs = new Map<string, RE2JS>();
const LONGEST_REMEMBERED = 200;
const MOST_REMEMBERED = 20_000;

function programOf(pattern: string, flags: number): RE2JS {
  const key = `${flags} ${pattern}`;
  let program = programs.get(key);
  if (program) return program;
  try {
    program = RE2JS.compile(pattern, flags);
  } catch (error) {
    throw new BadPatternError(pattern, error instanceof Error ? error.message : String(error));
  }
  if (pattern.length > LONGEST_REMEMBERED) return program;
  if (programs.size >= MOST_REMEMBERED) programs.clear();
  programs.set(key, program);
  return program;
}

/** `head`: text in front of `text` that belongs to its only match. As RE2::GlobalReplace: an empty match right behind the previous match is skipped (re2/re2.cc, GlobalReplace). */
function replace(
  program: RE2JS,
  text: string,
  substitution: string,
  { all, head = '' }: { readonly all: boolean; readonly head?: string },
): string {
  const parts = parseSubstitution(substitution);
  const m = program.matcher(text);
  if (all && parts.some((part) => typeof part === 'number' && part > m.groupCount())) return head + text;
  let out = '';
  let copied = 0;
  let lastEnd = -1;
  let unmatched = head;
  while (m.find()) {
    const start = m.start();
    const end = m.end();
    if (start === end && start === lastEnd) continue;
    out += text.slice(copied, start);
    for (const part of parts)
      out +=
        typeof part === 'string'
          ? part
          : part === 0
            ? head + m.group(0)
            : part <= m.groupCount()
              ? (m.group(part) ?? '')
              : '';
    unmatched = '';
    copied = end;
    lastEnd = end;
    if (!all) break;
  }
  return unmatched + out + text.slice(copied);
}

/** Literal text and capture numbers, as far as RE2 gets (re2/re2.cc, Rewrite). */
function parseSubstitution(substitution: string): readonly (string | number)[] {
  if (!substitution.includes('\\')) return [substitution];
  const parts: (string | number)[] = [];
  for (let i = 0; i < substitution.length; i++) {
    const c = substitution[i]!;
    if (c !== '\\') {
      parts.push(c);
      continue;
    }
    const next = substitution[++i];
    if (next === '\\') parts.push('\\');
    else if (next !== undefined && next >= '0' && next <= '9') parts.push(Number(next));
    else break;
  }
  return parts;
}
