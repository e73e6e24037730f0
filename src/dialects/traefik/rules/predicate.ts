// Expressions of circuitBreaker and of buffering's retries: Go, as github.com/vulcand/predicate v1.3.0 reads it with the functions of
// github.com/vulcand/oxy (cbreaker/predicates.go, buffer/threshold.go). What each part is decides whether it means anything.

import { table } from '../../../model/index.js';

type Literal = 'int' | 'float' | 'text';
type Kind = Literal | 'counted' | 'ratio' | 'named' | 'predicate';

interface Signature {
  readonly takes: readonly Literal[];
  readonly gives: Kind;
}

export const BREAKER = table<Signature>({
  LatencyAtQuantileMS: { takes: ['float'], gives: 'counted' },
  NetworkErrorRatio: { takes: [], gives: 'ratio' },
  ResponseCodeRatio: { takes: ['int', 'int', 'int', 'int'], gives: 'ratio' },
});

export const RETRIES = table<Signature>({
  RequestMethod: { takes: [], gives: 'named' },
  IsNetworkError: { takes: [], gives: 'predicate' },
  Attempts: { takes: [], gives: 'counted' },
  ResponseCode: { takes: [], gives: 'counted' },
});

/** What a value of this kind is compared with. */
const COMPARED = table<Literal>({ counted: 'int', ratio: 'float', named: 'text' });

const TOKEN =
  /\s*(?:(\d+\.\d*(?:[eE][+-]?\d+)?|\.\d+|\d+)|("(?:[^"\\\n]|\\.)*"|`[^`]*`)|([\p{L}_][\p{L}\p{Nd}_]*)|(&&|\|\||[=!<>]=|[<>(),]))/uy;

interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign';
  readonly text: string;
}

class NoPredicate extends Error {}

/** What is wrong with the expression; undefined: nothing. */
export function predicateProblem(expression: string, functions: ReadonlyMap<string, Signature>): string | undefined {
  try {
    const reader = new Reader(tokensOf(expression), functions);
    return reader.whole() === 'predicate' ? undefined : 'it compares nothing';
  } catch (error) {
    if (error instanceof NoPredicate) return error.message;
    throw error;
  }
}

/** Longer ones are refused: each parenthesis is a level of the reader. */
const MOST_TOKENS = 500;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end.length) {
    const at = TOKEN.lastIndex;
    const [, number, quoted, name, sign] = TOKEN.exec(end) ?? [];
    const found = number ?? quoted ?? name ?? sign;
    if (found === undefined || tokens.length > MOST_TOKENS)
      throw new NoPredicate(`unexpected ${end.slice(at, at + 20)}`);
    tokens.push({ kind: number ? 'number' : quoted ? 'text' : name ? 'name' : 'sign', text: found });
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #functions: ReadonlyMap<string, Signature>;
  #at = 0;

  constructor(tokens: readonly Token[], functions: ReadonlyMap<string, Signature>) {
    this.#tokens = tokens;
    this.#functions = functions;
  }

  whole(): Kind {
    const kind = this.#expression();
    if (this.#at < this.#tokens.length) throw this.#unexpected();
    return kind;
  }

  #expression(): Kind {
    return this.#joined('||', () => this.#joined('&&', () => this.#comparison()));
  }

  #joined(sign: string, part: () => Kind): Kind {
    let left = part();
    while (this.#take(sign)) {
      const right = part();
      if (left !== 'predicate' || right !== 'predicate') throw new NoPredicate(`${sign} joins comparisons`);
      left = 'predicate';
    }
    return left;
  }

  #comparison(): Kind {
    let left = this.#operand();
    for (let sign = this.#peek(); /^(?:[=!<>]=|[<>])$/.test(sign); sign = this.#peek()) {
      this.#at++;
      const right = this.#operand();
      const wanted = COMPARED.get(left);
      if (wanted === undefined) throw new NoPredicate(`${sign} has no function on its left`);
      if (wanted !== right) throw new NoPredicate(`${sign} compares with ${WORDS.get(wanted)}`);
      if (wanted === 'text' && !/^[=!]=$/.test(sign)) throw new NoPredicate(`${sign} compares no texts`);
      left = 'predicate';
    }
    return left;
  }

  #operand(): Kind {
    if (this.#take('(')) {
      const kind = this.#expression();
      this.#need(')');
      return kind;
    }
    const token = this.#tokens[this.#at++];
    if (token?.kind === 'number') return token.text.includes('.') ? 'float' : 'int';
    if (token?.kind === 'text') return 'text';
    if (token?.kind !== 'name') throw new NoPredicate(`a function is missing${token ? ` before ${token.text}` : ''}`);
    return this.#call(token.text);
  }

  #call(name: string): Kind {
    const signature = this.#functions.get(name);
    if (!signature) throw new NoPredicate(`there is no function ${name}`);
    this.#need('(');
    const args: Kind[] = [];
    while (this.#peek() !== ')') {
      args.push(this.#operand());
      if (!this.#take(',')) break;
    }
    this.#need(')');
    if (args.join() !== signature.takes.join())
      throw new NoPredicate(`${name} takes ${signature.takes.map((kind) => WORDS.get(kind)).join(', ') || 'nothing'}`);
    return signature.gives;
  }

  #peek(): string {
    const token = this.#tokens[this.#at];
    return token?.kind === 'sign' ? token.text : '';
  }

  #take(sign: string): boolean {
    if (this.#peek() !== sign) return false;
    this.#at++;
    return true;
  }

  #need(sign: string): void {
    if (!this.#take(sign)) throw this.#unexpected();
  }

  #unexpected(): NoPredicate {
    return new NoPredicate(`unexpected ${this.#tokens[this.#at]?.text ?? 'end'}`);
  }
}

const WORDS = table<string>({ int: 'a whole number', float: 'a number with a point', text: 'a text' });
