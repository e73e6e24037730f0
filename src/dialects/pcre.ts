// PCRE patterns in RE2 syntax. What is regular is translated to a pattern of the same language; back-references,
// look-around, possessive quantifiers, atomic groups, recursion and conditions are not, and are refused with their
// place (pcre2pattern(3)). The walk is one pass over the text. Two known differences are accepted: `$` does not match
// before a newline at the end, and letters beyond ASCII fold their case under (?i); neither occurs in a real URL.

import { own, table } from '../model/index.js';
import { patternProblem } from '../regex/match.js';

/** The pattern is not regular, or not a pattern. */
export class PcreError extends Error {
  /** Index of the character in the pattern. */
  readonly at: number;
  /** `not-regular`: PCRE takes it, RE2 cannot. `invalid`: PCRE refuses it too, and so does nginx its whole configuration. */
  readonly cause: 'not-regular' | 'invalid';
  constructor(cause: 'not-regular' | 'invalid', at: number, message: string) {
    super(message);
    this.name = 'PcreError';
    this.cause = cause;
    this.at = at;
  }
}

export interface Translated {
  /** Alternatives of the top level, in order, each in RE2 syntax. */
  readonly alternatives: readonly string[];
  /** Number of capture groups. */
  readonly captures: number;
  /** No character has a special meaning: the text itself, else undefined. */
  readonly literal?: string;
}

const MAX_LENGTH = 16_384;
const MAX_DEPTH = 200;
const MAX_REPEAT = 1000;
const SPECIAL = '\\^$.|?*+()[]{}';

const CLASS_ESCAPES = table<string>({
  s: '\\t\\n\\v\\f\\r ',
  h: '\\t \\x{a0}',
  v: '\\n\\v\\f\\r\\x{85}',
});
const REFUSED_ESCAPES = table<string>({
  G: 'the start of the search',
  K: 'a reset of the match',
  R: 'any line break',
  X: 'a grapheme',
  C: 'a byte',
  N: 'anything but a newline by name',
  g: 'a reference to a group',
  k: 'a reference to a group',
});

/** @throws PcreError */
export function translatePcre(pattern: string): Translated {
  if (pattern.length > MAX_LENGTH)
    throw new PcreError('not-regular', MAX_LENGTH, `longer than ${MAX_LENGTH} characters`);
  const translated = new Translator(pattern).run();
  const [only, ...more] = translated.alternatives;
  const problem = patternProblem(more.length === 0 ? only! : `(?:${translated.alternatives.join('|')})`);
  if (problem !== undefined) {
    // A range in the wrong order is refused by PCRE too; what is too large is not.
    const cause = /repeat|repetition|large|size|nest|longer/i.test(problem) ? 'not-regular' : 'invalid';
    throw new PcreError(cause, 0, `not a valid RE2 pattern: ${problem}`);
  }
  return translated;
}

class Translator {
  readonly text: string;
  at = 0;
  depth = 0;
  captures = 0;
  /** Whether something stands before that a quantifier may apply to. */
  quantifiable = false;
  special = false;
  out = '';
  /** Flags set at the top level: `(?i)` holds to the end of the pattern, over its bars. */
  topFlags: string[] = [];
  readonly alternatives: string[] = [];

  constructor(text: string) {
    this.text = text;
  }

  run(): Translated {
    while (this.at < this.text.length) this.step();
    if (this.depth > 0) throw new PcreError('invalid', this.text.length, 'a parenthesis is not closed');
    this.endAlternative();
    return {
      alternatives: this.alternatives,
      captures: this.captures,
      ...(this.special ? {} : { literal: this.text }),
    };
  }

  step() {
    const start = this.at;
    const c = this.text[this.at++]!;
    if (SPECIAL.includes(c) && !(c === '{' && !this.isRepeat(start)) && c !== '}' && c !== ']') this.special = true;
    switch (c) {
      case '\\':
        return this.escape(start);
      case '[':
        return this.charClass(start);
      case '(':
        return this.group(start);
      case ')':
        if (this.depth-- === 0) throw new PcreError('invalid', start, 'a parenthesis is closed that was not opened');
        return this.emit(')', true);
      case '|':
        if (this.depth > 0) return this.emit('|', false);
        this.endAlternative();
        return;
      case '*':
      case '+':
      case '?':
        return this.quantifier(start, c);
      case '{':
        if (this.isRepeat(start)) return this.repeat(start);
        return this.emit('\\{', true);
      case '^':
      case '$':
        return this.emit(c, false);
      case '.':
        return this.emit('.', true);
      default:
        return this.emit(quoted(c), true);
    }
  }

  endAlternative() {
    this.alternatives.push(this.out + ')'.repeat(this.topFlags.length));
    this.out = this.topFlags.map((flags) => `(?${flags}:`).join('');
    this.quantifiable = false;
  }

  emit(text: string, quantifiable: boolean) {
    this.out += text;
    this.quantifiable = quantifiable;
  }

  isRepeat(at: number): boolean {
    return /^\{\d+(,\d*)?\}/.test(this.text.slice(at, at + 16));
  }

  repeat(start: number) {
    const [all, low, , high] = /^\{(\d+)(,(\d*))?\}/.exec(this.text.slice(start, start + 16))!;
    if (Math.max(Number(low), Number(high || 0)) > MAX_REPEAT) {
      throw new PcreError('not-regular', start, `repeated more than ${MAX_REPEAT} times`);
    }
    if (high && Number(high) < Number(low))
      throw new PcreError('invalid', start, 'the limits of a repetition are in the wrong order');
    this.at = start + all.length;
    this.quantifier(start, all);
  }

  quantifier(start: number, text: string) {
    if (!this.quantifiable) throw new PcreError('invalid', start, 'nothing to repeat');
    if (this.text[this.at] === '+') throw new PcreError('not-regular', start, 'a possessive quantifier');
    const lazy = this.text[this.at] === '?';
    if (lazy) this.at++;
    this.emit(text + (lazy ? '?' : ''), false);
  }

  escape(start: number) {
    const c = this.text[this.at++];
    if (c === undefined) throw new PcreError('invalid', start, 'a backslash at the end');
    if (/[1-9]/.test(c)) throw new PcreError('not-regular', start, 'a back-reference');
    const refused = REFUSED_ESCAPES.get(c);
    if (refused) throw new PcreError('not-regular', start, refused);
    if (c === 'Q') return this.literalRun();
    if (c === 'E') return;
    if ('AzZbB'.includes(c)) return this.emit(c === 'Z' ? '\\z' : `\\${c}`, false);
    this.emit(this.characterEscape(start, c, false), true);
  }

  /** `\Q…\E`. */
  literalRun() {
    const end = this.text.indexOf('\\E', this.at);
    const run = this.text.slice(this.at, end < 0 ? undefined : end);
    for (const c of run) this.emit(quoted(c), true);
    this.at = end < 0 ? this.text.length : end + 2;
  }

  /** An escape that stands for characters, in or out of a class. */
  characterEscape(start: number, c: string, inClass: boolean): string {
    if ('dDwW'.includes(c)) return `\\${c}`;
    const set = CLASS_ESCAPES.get(c.toLowerCase());
    if (set !== undefined) {
      if (c === c.toLowerCase()) return inClass ? set : `[${set}]`;
      if (inClass) throw new PcreError('not-regular', start, `\\${c} inside of brackets`);
      return `[^${set}]`;
    }
    if (c === 'p' || c === 'P') return `\\${c}${this.property(start)}`;
    const simple = own({ n: '\\n', r: '\\r', t: '\\t', f: '\\f', a: '\\a', e: '\\x1b' }, c);
    if (simple) return simple;
    if (c === 'x') return `\\x{${this.hexCode()}}`;
    if (c === '0') {
      const digits = /^[0-7]{0,2}/.exec(this.text.slice(this.at, this.at + 2))![0];
      this.at += digits.length;
      return `\\x{${Number.parseInt(`0${digits}`, 8).toString(16)}}`;
    }
    if (c === 'c') {
      const control = this.text[this.at++];
      if (control === undefined) throw new PcreError('invalid', start, 'a backslash at the end');
      return `\\x{${(control.toUpperCase().charCodeAt(0) ^ 64).toString(16)}}`;
    }
    if (/[A-Za-z]/.test(c)) throw new PcreError('invalid', start, `\\${c} has no meaning`);
    return quoted(c);
  }

  property(start: number): string {
    const m = /^(\{\^?[A-Za-z_]+\}|[A-Z])/.exec(this.text.slice(this.at, this.at + 40));
    if (!m) throw new PcreError('invalid', start, 'a property without a name');
    this.at += m[0].length;
    return m[0];
  }

  hexCode(): string {
    const rest = this.text.slice(this.at, this.at + 10);
    const m = /^\{([0-9A-Fa-f]{1,6})\}/.exec(rest) ?? /^([0-9A-Fa-f]{0,2})/.exec(rest)!;
    this.at += m[0].length;
    return m[1] || '0';
  }

  charClass(start: number) {
    let set = '[';
    if (this.text[this.at] === '^') {
      set += '^';
      this.at++;
    }
    for (let first = true; ; first = false) {
      const c = this.text[this.at];
      if (c === undefined) throw new PcreError('invalid', start, 'a bracket is not closed');
      this.at++;
      if (c === ']' && !first) break;
      if (c === '[' && /^\[:\^?[a-z]+:\]/.test(this.text.slice(this.at - 1, this.at + 12))) {
        const end = this.text.indexOf(':]', this.at) + 2;
        set += this.text.slice(this.at - 1, end);
        this.at = end;
      } else if (c === '\\') {
        const next = this.text[this.at++];
        if (next === undefined) throw new PcreError('invalid', start, 'a backslash at the end');
        if (next === 'b') set += '\\x08';
        else if (/[1-9]/.test(next)) throw new PcreError('not-regular', this.at - 2, 'an octal escape');
        else set += this.characterEscape(this.at - 2, next, true);
      } else set += c === '-' ? '-' : quoted(c);
    }
    this.emit(`${set}]`, true);
  }

  group(start: number) {
    if (++this.depth > MAX_DEPTH) throw new PcreError('not-regular', start, `nested more than ${MAX_DEPTH} deep`);
    const rest = this.text.slice(this.at, this.at + 80);
    if (rest[0] === '*') throw new PcreError('not-regular', start, 'a verb');
    if (rest[0] !== '?') {
      this.captures++;
      return this.emit('(', false);
    }
    const name = /^\?P?<([A-Za-z_]\w*)>/.exec(rest) ?? /^\?'([A-Za-z_]\w*)'/.exec(rest);
    if (name) {
      this.captures++;
      this.at += name[0].length;
      return this.emit('(', false);
    }
    if (/^\?<?[=!]/.test(rest)) throw new PcreError('not-regular', start, 'look-around');
    if (rest.startsWith('?>')) throw new PcreError('not-regular', start, 'an atomic group');
    if (rest.startsWith('?#')) return this.comment(start);
    const flags = /^\?([ims]*)(-[ims]*)?([:)])/.exec(rest);
    if (!flags) throw new PcreError('not-regular', start, 'recursion, a condition or an unknown group');
    this.at += flags[0].length;
    const written = flags[1]! + (flags[2] && flags[2] !== '-' ? flags[2] : '');
    if (flags[3] === ':') return this.emit(`(?${written}:`, false);
    this.depth--;
    if (!written) return this.emit('', false);
    if (this.depth > 0) return this.emit(`(?${written})`, false);
    this.topFlags.push(written);
    this.emit(`(?${written}:`, false);
  }

  comment(start: number) {
    const end = this.text.indexOf(')', this.at);
    if (end < 0) throw new PcreError('invalid', start, 'a comment is not closed');
    this.at = end + 1;
    this.depth--;
  }
}

/** A character as itself, in or out of brackets. */
export const quoted = (c: string): string => (/[\\^$.|?*+()[\]{}-]/.test(c) && c !== '-' ? `\\${c}` : c);
