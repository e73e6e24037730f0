// The language of rules: a Go expression of calls with texts, `&&`, `||`, `!` and parentheses. Traefik hands the text to go/parser's
// ParseExpr (github.com/vulcand/predicate v1.3.0, parse.go), so that Go's rules of texts, ends of lines and precedence hold
// (pkg/rules/parser.go).

import { table } from '../../../model/index.js';

/** A call is a leaf; `!` has been pushed down to the leaves (De Morgan, as pkg/rules/parser.go's invert). */
export type RuleTree =
  | { readonly kind: 'and' | 'or'; readonly left: RuleTree; readonly right: RuleTree }
  | { readonly kind: 'call'; readonly matcher: string; readonly args: readonly string[]; readonly not: boolean };

/** Why a rule cannot be used. */
export class RuleError extends Error {}

type Token =
  | { readonly kind: 'name' | 'text'; readonly value: string }
  | { readonly kind: '&&' | '||' | '!' | '(' | ')' | ',' | ';' };

/** Nesting beyond this is refused: the reader would run out of stack. */
const MAX_DEPTH = 200;
const MAX_LENGTH = 65_536;

/** @param matchers the names that are known; each is also known in lower case, UPPER CASE and Title case. @throws RuleError */
export function parseRule(rule: string, matchers: readonly string[]): RuleTree {
  if (rule.length > MAX_LENGTH) throw new RuleError('the rule is too long');
  const names = new Map<string, string>();
  for (const name of matchers)
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase(), titled(name)]) names.set(spelling, name);
  const parser = new Parser(tokensOf(rule), names);
  return parser.whole();
}

const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();

class Parser {
  readonly #tokens: readonly Token[];
  readonly #names: ReadonlyMap<string, string>;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], names: ReadonlyMap<string, string>) {
    this.#tokens = tokens;
    this.#names = names;
  }

  whole(): RuleTree {
    const tree = this.#or(false);
    if (this.#peek() === ';') this.#at++;
    if (this.#at < this.#tokens.length) throw new RuleError(`unexpected ${this.#shown()} behind the end of the rule`);
    return tree;
  }

  /** `negated`: De Morgan swaps the operators, too. */
  #or(negated: boolean): RuleTree {
    let left = this.#and(negated);
    while (this.#take('||')) left = { kind: negated ? 'and' : 'or', left, right: this.#and(negated) };
    return left;
  }

  #and(negated: boolean): RuleTree {
    let left = this.#unary(negated);
    while (this.#take('&&')) left = { kind: negated ? 'or' : 'and', left, right: this.#unary(negated) };
    return left;
  }

  #unary(negated: boolean): RuleTree {
    if (++this.#depth > MAX_DEPTH) throw new RuleError('the rule is nested too deeply');
    try {
      if (this.#take('!')) return this.#unary(!negated);
      if (this.#take('(')) {
        const tree = this.#or(negated);
        this.#need(')');
        return tree;
      }
      return this.#call(negated);
    } finally {
      this.#depth--;
    }
  }

  #call(not: boolean): RuleTree {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'name') throw new RuleError(`a matcher is missing before ${this.#shown()}`);
    this.#at++;
    this.#need('(');
    const args: string[] = [];
    while (this.#peek() !== ')') {
      const arg = this.#tokens[this.#at];
      if (arg?.kind !== 'text') throw new RuleError(`${token.value} takes texts in backticks or double quotes`);
      args.push(arg.value);
      this.#at++;
      if (!this.#take(',')) break;
    }
    this.#need(')');
    const matcher = this.#names.get(token.value);
    if (matcher === undefined) throw new RuleError(`there is no matcher ${token.value}`);
    return { kind: 'call', matcher, args, not };
  }

  #peek(): Token['kind'] | undefined {
    return this.#tokens[this.#at]?.kind;
  }

  #take(kind: Token['kind']): boolean {
    if (this.#peek() !== kind) return false;
    this.#at++;
    return true;
  }

  #need(kind: Token['kind']): void {
    if (!this.#take(kind)) throw new RuleError(`${kind} is missing before ${this.#shown()}`);
  }

  #shown(): string {
    const token = this.#tokens[this.#at];
    if (!token) return 'the end';
    return token.kind === ';' ? 'the end of the line' : 'value' in token ? token.value : token.kind;
  }
}

/** A line that ends behind one of these ends the expression (the Go specification, Semicolons). */
const ENDS = new Set<Token['kind'] | undefined>(['name', 'text', ')']);

function tokensOf(rule: string): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < rule.length; ) {
    const c = rule[i]!;
    if (c === '\n' && ENDS.has(tokens.at(-1)?.kind)) tokens.push({ kind: ';' });
    if (/[ \t\r\n]/.test(c)) {
      i++;
      continue;
    }
    const { token, end } = tokenAt(rule, i);
    tokens.push(token);
    i = end;
  }
  return tokens;
}

function tokenAt(rule: string, at: number): { readonly token: Token; readonly end: number } {
  const c = rule[at]!;
  const two = rule.slice(at, at + 2);
  if (two === '&&' || two === '||') return { token: { kind: two }, end: at + 2 };
  if (c === '!' || c === '(' || c === ')' || c === ',') return { token: { kind: c }, end: at + 1 };
  if (c === '`' || c === '"') {
    const { value, end } = c === '`' ? rawText(rule, at) : quotedText(rule, at);
    return { token: { kind: 'text', value }, end };
  }
  const [name] = /^[\p{L}_][\p{L}\p{Nd}_]*/u.exec(rule.slice(at, at + 256)) ?? [];
  if (name === undefined) throw new RuleError(c === "'" ? 'texts do not stand in single quotes' : `unexpected ${c}`);
  return { token: { kind: 'name', value: name }, end: at + name.length };
}

function rawText(rule: string, start: number): { readonly value: string; readonly end: number } {
  const end = rule.indexOf('`', start + 1);
  if (end < 0) throw new RuleError('a backtick is missing at the end of a text');
  return { value: rule.slice(start + 1, end).replaceAll('\r', ''), end: end + 1 };
}

const ESCAPES = table<string>({
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
});

function quotedText(rule: string, start: number): { readonly value: string; readonly end: number } {
  let value = '';
  for (let i = start + 1; i < rule.length; ) {
    const c = rule[i]!;
    if (c === '"') return { value, end: i + 1 };
    if (c === '\n') break;
    if (c !== '\\') {
      value += c;
      i++;
      continue;
    }
    const simple = ESCAPES.get(rule[i + 1] ?? '');
    const [whole, hex, octal] =
      /^\\(?:x([0-9a-fA-F]{2})|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|([0-7]{3}))/.exec(rule.slice(i, i + 10)) ?? [];
    if (simple === undefined && whole === undefined)
      throw new RuleError(`unknown escape in a text: ${rule.slice(i, i + 2)}`);
    if (simple !== undefined) {
      value += simple;
      i += 2;
      continue;
    }
    const code = octal === undefined ? Number.parseInt(hex ?? whole!.slice(2), 16) : Number.parseInt(octal, 8);
    if (code > 0x10ffff) throw new RuleError(`unknown escape in a text: ${whole}`);
    value += String.fromCodePoint(code);
    i += whole!.length;
  }
  throw new RuleError('a double quote is missing at the end of a text');
}
