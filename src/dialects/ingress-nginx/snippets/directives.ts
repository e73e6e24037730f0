// Text of nginx's configuration as directives: words, quotes, comments and blocks as ngx_conf_read_token reads them
// (src/core/ngx_conf_file.c of nginx 1.27).

export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  /** Inside of `{…}`; of Lua (`…_by_lua_block`) nothing is read, and the list is empty. */
  readonly block?: readonly Directive[];
}

type Token = { readonly word: string } | ';' | '{' | '}';

/** Undefined: it is no configuration of nginx. */
export function parseDirectives(text: string): readonly Directive[] | undefined {
  const tokens = tokensOf(text);
  if (!tokens) return undefined;
  const reader = { tokens, at: 0 };
  const list = readList(reader, 0);
  return list && reader.at === tokens.length ? list : undefined;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

const MOST_LEVELS = 20;

function readList(reader: Reader, level: number): readonly Directive[] | undefined {
  const list: Directive[] = [];
  while (reader.at < reader.tokens.length && reader.tokens[reader.at] !== '}') {
    const words: string[] = [];
    let token = reader.tokens[reader.at++];
    while (typeof token === 'object') {
      words.push(token.word);
      token = reader.tokens[reader.at++];
    }
    const [name, ...args] = words;
    if (name === undefined || (token !== ';' && token !== '{')) return undefined;
    if (token === ';') {
      list.push({ name, args });
      continue;
    }
    const block = level < MOST_LEVELS ? readList(reader, level + 1) : undefined;
    if (!block || reader.tokens[reader.at++] !== '}') return undefined;
    list.push({ name, args, block });
  }
  return list;
}

const SPACE = /\s/;

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const c = text[at]!;
    if (SPACE.test(c)) at++;
    else if (c === '#') at = endOfLine(text, at);
    else if (c === ';' || c === '{' || c === '}') {
      if (c === '{' && isLua(tokens.at(-1))) {
        const end = endOfLua(text, at);
        if (end === undefined) return undefined;
        tokens.push('{', '}');
        at = end;
      } else {
        tokens.push(c);
        at++;
      }
    } else {
      const read = c === '"' || c === "'" ? quoted(text, at) : bare(text, at);
      if (!read) return undefined;
      tokens.push({ word: read.word });
      at = read.end;
    }
  }
  return tokens;
}

const isLua = (token: Token | undefined): boolean => typeof token === 'object' && /_by_lua_block$/.test(token.word);

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Behind the brace that closes the one at `at`: Lua balances its braces, but for those in strings and comments. */
function endOfLua(text: string, at: number): number | undefined {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i + 1;
  }
  return undefined;
}

interface ReadWord {
  readonly word: string;
  readonly end: number;
}

/** Up to the same quote; what comes next has to end the word. */
function quoted(text: string, start: number): ReadWord | undefined {
  const quote = text[start];
  let word = '';
  for (let at = start + 1; at < text.length; at++) {
    const c = text[at]!;
    if (c === '\\') {
      word += escaped(text[at + 1] ?? '');
      at++;
    } else if (c === quote) {
      const next = text[at + 1];
      return next === undefined || /[\s;{)]/.test(next) ? { word, end: at + 1 } : undefined;
    } else word += c;
  }
  return undefined;
}

/** A brace of a variable (`${name}`) belongs to the word. */
function bare(text: string, start: number): ReadWord {
  let word = '';
  let at = start;
  for (; at < text.length; at++) {
    const c = text[at]!;
    if (SPACE.test(c) || c === ';') break;
    if (c === '{') {
      if (!word.endsWith('$')) break;
      const end = text.indexOf('}', at);
      if (end < 0) break;
      word += text.slice(at, end + 1);
      at = end;
    } else if (c === '\\') {
      word += escaped(text[at + 1] ?? '');
      at++;
    } else word += c;
  }
  return { word, end: at };
}

/** `\"`, `\'`, `\\` are the character, `\t`, `\r`, `\n` what they are elsewhere; any other backslash stays. */
function escaped(c: string): string {
  if (c === 't') return '\t';
  if (c === 'r') return '\r';
  if (c === 'n') return '\n';
  return c === '"' || c === "'" || c === '\\' ? c : `\\${c}`;
}
