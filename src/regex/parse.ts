// RE2 syntax to a tree, following https://github.com/google/re2/wiki/Syntax and the limits of RE2 (repetition up to
// 1000, nesting up to 1000). What RE2 rejects is rejected; captures are groups like any other.

import { type CharSet, complementChars, MAX_CODE_POINT, singleChar, textOf, unionChars } from './charset.js';
import { type Assertion, alternate, concat, type Syntax, setOf } from './syntax.js';
import { foldCase, PERL, POSIX, unicodeClass } from './unicode.js';

/** The pattern is not RE2 syntax; the message is short enough for a diagnostic. */
export class RegexSyntaxError extends Error {
  override readonly name = 'RegexSyntaxError';
}

const MAX_REPEAT = 1000;
const MAX_DEPTH = 1000;

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

/** @throws RegexSyntaxError */
export function parseRegex(pattern: string): Syntax {
  const chars = [...pattern].map((c) => c.codePointAt(0)!);
  const parser = new Parser(chars);
  const tree = parser.alternation({ i: false, m: false, s: false }, 0);
  if (parser.at < chars.length) throw new RegexSyntaxError('unexpected )');
  return tree;
}

const code = (c: string): number => c.codePointAt(0)!;
const isOctal = (c: number | undefined): c is number => c !== undefined && c >= 0x30 && c <= 0x37;
const isHex = (c: number): boolean => /^[0-9A-Fa-f]$/.test(String.fromCodePoint(c));
const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map([
  ['A', 'begin-text'],
  ['z', 'end-text'],
  ['b', 'word-boundary'],
  ['B', 'no-word-boundary'],
]);
const CONTROL: ReadonlyMap<string, number> = new Map(Object.entries({ a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }));

class Parser {
  readonly chars: readonly number[];
  at = 0;
  /** Flags set by `(?i)` in the middle of a group hold until its end. */
  flags: Flags = { i: false, m: false, s: false };
  names = new Set<string>();

  constructor(chars: readonly number[]) {
    this.chars = chars;
  }

  peek(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.chars[this.at + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  take(text: string): boolean {
    if (!this.peek(text)) return false;
    this.at += text.length;
    return true;
  }

  alternation(flags: Flags, depth: number): Syntax {
    if (depth > MAX_DEPTH) throw new RegexSyntaxError('nested too deeply');
    this.flags = flags;
    const branches = [this.sequence(depth)];
    while (this.take('|')) branches.push(this.sequence(depth));
    return alternate(branches);
  }

  sequence(depth: number): Syntax {
    const items: Syntax[] = [];
    let repeated = false;
    while (this.at < this.chars.length && !this.peek('|') && !this.peek(')')) {
      const range = this.repetition();
      if (range !== undefined) {
        // It binds to what stands before, also across `(?i)` and `\E`, which are no atoms.
        if (repeated) throw new RegexSyntaxError('invalid nested repetition operator');
        const item = items.pop();
        if (item === undefined) throw new RegexSyntaxError('missing argument to repetition operator');
        items.push(repeat(item, range));
        repeated = true;
        continue;
      }
      repeated = false;
      if (this.take('\\Q')) {
        while (this.at < this.chars.length && !this.take('\\E')) items.push(this.literal(this.chars[this.at++]!));
        continue;
      }
      const atom = this.atom(depth);
      if (atom !== undefined) items.push(atom);
    }
    return concat(items);
  }

  repetition(): { min: number; max?: number } | undefined {
    let range: { min: number; max?: number } | undefined;
    if (this.take('*')) range = { min: 0 };
    else if (this.take('+')) range = { min: 1 };
    else if (this.take('?')) range = { min: 0, max: 1 };
    else range = this.counted();
    if (range !== undefined) this.take('?');
    return range;
  }

  /** `{n}`, `{n,}`, `{n,m}`; anything else is a literal brace. */
  counted(): { min: number; max?: number } | undefined {
    if (!this.peek('{')) return undefined;
    let i = this.at + 1;
    const number = (): number | undefined => {
      const start = i;
      let value = 0;
      while (this.chars[i]! >= 0x30 && this.chars[i]! <= 0x39 && i < this.chars.length) {
        value = Math.min(value * 10 + this.chars[i]! - 0x30, MAX_REPEAT + 1);
        i++;
      }
      if (i === start || (i > start + 1 && this.chars[start] === 0x30)) return undefined;
      return value;
    };
    const min = number();
    if (min === undefined) return undefined;
    let max: number | undefined = min;
    if (this.chars[i] === code(',')) {
      i++;
      if (this.chars[i] === code('}')) max = undefined;
      else {
        max = number();
        if (max === undefined) return undefined;
      }
    }
    if (this.chars[i] !== code('}')) return undefined;
    this.at = i + 1;
    return max === undefined ? { min } : { min, max };
  }

  literal(c: number): Syntax {
    return setOf(this.flags.i ? foldCase(singleChar(c)) : singleChar(c));
  }

  /** Case is folded before a class is negated (`(?i)\\W` takes neither `s` nor `ſ`), as RE2 does. */
  named(set: CharSet, negated: boolean): CharSet {
    const folded = this.flags.i ? foldCase(set) : set;
    return negated ? complementChars(folded) : folded;
  }

  /** undefined: only flags were changed. */
  atom(depth: number): Syntax | undefined {
    const c = String.fromCodePoint(this.chars[this.at]!);
    switch (c) {
      case '(':
        this.at++;
        return this.group(depth);
      case '[':
        this.at++;
        return setOf(this.charClass());
      case '.':
        this.at++;
        return setOf(this.flags.s ? [0, MAX_CODE_POINT] : complementChars(singleChar(10)));
      case '^':
        this.at++;
        return { kind: 'assert', assertion: this.flags.m ? 'begin-line' : 'begin-text' };
      case '$':
        this.at++;
        return { kind: 'assert', assertion: this.flags.m ? 'end-line' : 'end-text' };
      case '\\':
        this.at++;
        return this.escape();
      default:
        this.at++;
        return this.literal(code(c));
    }
  }

  group(depth: number): Syntax | undefined {
    const outer = this.flags;
    let inner = outer;
    if (this.take('?P<') || (this.peek('?<') && this.take('?<'))) this.name();
    else if (this.take('?')) {
      const flags = this.flagList(outer);
      if (flags.closed) {
        this.flags = flags.flags;
        return undefined;
      }
      inner = flags.flags;
    }
    const tree = this.alternation(inner, depth + 1);
    if (!this.take(')')) throw new RegexSyntaxError('missing closing )');
    this.flags = outer;
    return tree;
  }

  name(): void {
    let name = '';
    while (this.at < this.chars.length && !this.peek('>')) name += String.fromCodePoint(this.chars[this.at++]!);
    if (!this.take('>') || !/^\w+$/.test(name)) throw new RegexSyntaxError('invalid named capture');
    if (this.names.has(name)) throw new RegexSyntaxError('duplicate capture group name');
    this.names.add(name);
  }

  flagList(outer: Flags): { flags: Flags; closed: boolean } {
    const flags = { ...outer };
    let value = true;
    let any = false;
    for (;;) {
      const c = this.at < this.chars.length ? String.fromCodePoint(this.chars[this.at++]!) : '';
      if (c === 'i' || c === 'm' || c === 's') flags[c] = value;
      else if (c === '-' && value) {
        value = false;
        any = false;
        continue;
      } else if ((c === ':' || c === ')') && (value || any)) return { flags, closed: c === ')' };
      else if (c !== 'U') throw new RegexSyntaxError('invalid or unsupported group syntax');
      any = true;
    }
  }

  escape(): Syntax {
    const c = this.chars[this.at];
    if (c === undefined) throw new RegexSyntaxError('trailing backslash');
    const name = String.fromCodePoint(c);
    const assertion = ASSERTIONS.get(name);
    if (assertion !== undefined) {
      this.at++;
      return { kind: 'assert', assertion };
    }
    const set = this.classEscape();
    if (set !== undefined) return setOf(set);
    return this.literal(this.charEscape());
  }

  /** \d, \pL, \p{Greek}, …; undefined (nothing consumed) where it is not a class. */
  classEscape(): CharSet | undefined {
    const name = String.fromCodePoint(this.chars[this.at]!);
    const perl = PERL.get(name.toLowerCase());
    if (perl !== undefined) {
      this.at++;
      return this.named(perl, name !== name.toLowerCase());
    }
    if (name !== 'p' && name !== 'P') return undefined;
    this.at++;
    let property = '';
    if (this.take('{')) {
      while (this.at < this.chars.length && !this.peek('}')) property += String.fromCodePoint(this.chars[this.at++]!);
      if (!this.take('}')) throw new RegexSyntaxError('invalid character class range');
    } else if (this.at < this.chars.length) property = String.fromCodePoint(this.chars[this.at++]!);
    let negated = name === 'P';
    if (property.startsWith('^')) {
      negated = !negated;
      property = property.slice(1);
    }
    const set = unicodeClass(property);
    if (set === undefined) throw new RegexSyntaxError('invalid character class range');
    return this.named(set, negated);
  }

  charEscape(): number {
    const c = this.chars[this.at++];
    if (c === undefined) throw new RegexSyntaxError('trailing backslash');
    const name = String.fromCodePoint(c);
    if (c >= 0x31 && c <= 0x37 && !isOctal(this.chars[this.at])) throw new RegexSyntaxError('invalid escape sequence');
    if (isOctal(c)) {
      let value = c - 0x30;
      for (let n = 1; n < 3 && isOctal(this.chars[this.at]); n++) value = value * 8 + this.chars[this.at++]! - 0x30;
      return value;
    }
    if (name === 'x') return this.hexEscape();
    const control = CONTROL.get(name);
    if (control !== undefined) return control;
    if (c < 0x80 && !/[0-9A-Za-z]/.test(name)) return c;
    throw new RegexSyntaxError('invalid escape sequence');
  }

  hexEscape(): number {
    let digits = '';
    const braces = this.take('{');
    if (braces) {
      while (this.at < this.chars.length && !this.peek('}')) digits += String.fromCodePoint(this.chars[this.at++]!);
      if (!this.take('}')) throw new RegexSyntaxError('invalid escape sequence');
    } else
      for (let n = 0; n < 2 && this.at < this.chars.length; n++) digits += String.fromCodePoint(this.chars[this.at++]!);
    const wellFormed =
      (braces ? digits.length > 0 && digits.length <= 8 : digits.length === 2) &&
      [...digits].every((d) => isHex(code(d)));
    const value = Number.parseInt(digits, 16);
    if (!wellFormed || value > MAX_CODE_POINT) throw new RegexSyntaxError('invalid escape sequence');
    return value;
  }

  charClass(): CharSet {
    const negated = this.take('^');
    const parts: CharSet[] = [];
    for (let first = true; first || !this.peek(']'); first = false) {
      if (this.at >= this.chars.length) throw new RegexSyntaxError('missing closing ]');
      const posix = this.posixClass();
      if (posix !== undefined) {
        parts.push(posix);
        continue;
      }
      if (this.peek('\\')) {
        this.at++;
        if (this.at >= this.chars.length) throw new RegexSyntaxError('trailing backslash');
        const set = this.classEscape();
        if (set !== undefined) {
          parts.push(set);
          continue;
        }
        this.at--;
      }
      const lo = this.classChar();
      let hi = lo;
      if (this.peek('-') && this.at + 1 < this.chars.length && this.chars[this.at + 1] !== code(']')) {
        this.at++;
        hi = this.classChar();
        if (hi < lo) throw new RegexSyntaxError('invalid character class range');
      }
      parts.push(this.named([lo, hi], false));
    }
    this.at++;
    const set = unionChars(parts);
    return negated ? complementChars(set) : set;
  }

  classChar(): number {
    if (this.at >= this.chars.length) throw new RegexSyntaxError('missing closing ]');
    if (this.take('\\')) return this.charEscape();
    return this.chars[this.at++]!;
  }

  posixClass(): CharSet | undefined {
    if (!this.peek('[:')) return undefined;
    let end = this.at + 2;
    while (end + 1 < this.chars.length && !(this.chars[end] === code(':') && this.chars[end + 1] === code(']'))) end++;
    if (end + 1 >= this.chars.length) return undefined;
    let name = textOf(this.chars.slice(this.at + 2, Math.min(end, this.at + 40)));
    const negated = name.startsWith('^');
    if (negated) name = name.slice(1);
    const set = POSIX.get(name);
    if (set === undefined) throw new RegexSyntaxError('invalid character class range');
    this.at = end + 2;
    return this.named(set, negated);
  }
}

function repeat(item: Syntax, { min, max }: { min: number; max?: number }): Syntax {
  if (Math.max(min, max ?? 0) > MAX_REPEAT || (max !== undefined && min > max))
    throw new RegexSyntaxError('invalid repeat count');
  const count = Math.max(min, max ?? 1, 1);
  if (count > 1 && repeatProduct(item) * count > MAX_REPEAT) throw new RegexSyntaxError('invalid repeat count');
  return max === undefined ? { kind: 'repeat', item, min } : { kind: 'repeat', item, min, max };
}

/** RE2 bounds the product of nested counts. */
function repeatProduct(tree: Syntax): number {
  switch (tree.kind) {
    case 'repeat':
      return Math.max(1, tree.min, tree.max ?? 1) * repeatProduct(tree.item);
    case 'concat':
    case 'alternate': {
      let most = 1;
      for (const item of tree.items) most = Math.max(most, repeatProduct(item));
      return most;
    }
    default:
      return 1;
  }
}
