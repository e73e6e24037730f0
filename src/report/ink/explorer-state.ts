// The explorer's state: three lines of text, a cursor, an example. Keys in, state out; nothing here draws or decides.

export type FieldName = 'method' | 'url' | 'headers';
export const FIELDS: readonly FieldName[] = ['method', 'url', 'headers'];

/** A request that reaches a rule, to step through. */
export interface Example {
  /** `VirtualService default/web spec.http[0]`. */
  readonly label: string;
  readonly method: string;
  readonly url: string;
  /** `name: value`, separated by `; `. */
  readonly headers: string;
}

export interface ExplorerState {
  readonly method: string;
  readonly url: string;
  readonly headers: string;
  readonly field: FieldName;
  /** Position in the text of the field, 0..length. */
  readonly cursor: number;
  /** Index into the examples; -1: typed by hand. */
  readonly example: number;
  /** First line of the answer that is shown. */
  readonly scroll: number;
  readonly showCurl: boolean;
  /** Counts the changes of the gateway. */
  readonly gateway: number;
}

/** What a terminal says of a key. */
export interface Key {
  readonly upArrow?: boolean;
  readonly downArrow?: boolean;
  readonly leftArrow?: boolean;
  readonly rightArrow?: boolean;
  readonly pageUp?: boolean;
  readonly pageDown?: boolean;
  readonly return?: boolean;
  readonly tab?: boolean;
  readonly shift?: boolean;
  readonly backspace?: boolean;
  readonly delete?: boolean;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly escape?: boolean;
}

export const initialState = (url: string, method = 'GET', headers = ''): ExplorerState => ({
  method,
  url,
  headers,
  field: 'url',
  cursor: url.length,
  example: -1,
  scroll: 0,
  showCurl: false,
  gateway: 0,
});

const PAGE = 10;

/** Whether a key leaves: Escape, Ctrl-C, Ctrl-D, alone or among others. */
export const leaves = (input: string, key: Key): boolean =>
  key.escape === true ||
  (key.ctrl === true && (input === 'c' || input === 'd')) ||
  input.includes('\x03') ||
  input.includes('\x04');

/** The state after a key that does not leave. */
export function press(state: ExplorerState, input: string, key: Key, examples: readonly Example[]): ExplorerState {
  if (key.tab || key.downArrow || key.upArrow || key.return)
    return focus(state, key.upArrow || (key.tab && key.shift) ? -1 : 1);
  if (key.pageDown) return { ...state, scroll: state.scroll + PAGE };
  if (key.pageUp) return { ...state, scroll: Math.max(0, state.scroll - PAGE) };
  if (key.ctrl) return control(state, input, examples);
  const text = state[state.field];
  if (key.leftArrow) return { ...state, cursor: Math.max(0, state.cursor - 1) };
  if (key.rightArrow) return { ...state, cursor: Math.min(text.length, state.cursor + 1) };
  // Terminals send DEL for the backspace key, which ink calls "delete".
  if (key.backspace || key.delete)
    return state.cursor === 0
      ? state
      : edit(state, text.slice(0, state.cursor - 1) + text.slice(state.cursor), state.cursor - 1);
  if (key.meta) return state;
  const together = input.length > 1 ? input.split(EDITING_KEYS).filter(Boolean) : [];
  if (together.length > 1) return together.reduce((s, keys) => press(s, ...keyOf(keys), examples), state);
  const typed = printable(input);
  // A whole URL that is pasted behind another one takes its place, as in the address line of a browser.
  if (state.field === 'url' && state.cursor === text.length && WHOLE_URL.test(typed))
    return edit(state, typed, typed.length);
  return typed === ''
    ? state
    : edit(state, text.slice(0, state.cursor) + typed + text.slice(state.cursor), state.cursor + typed.length);
}

const WHOLE_URL = /^https?:\/\/[^\s/]+/;

/**
 * Keys that come in one piece (slow links, key repeat) reach us as one text. Those that edit the line count one by one; all others may
 * be a paste, which only inserts text.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: what terminals send for these keys
const EDITING_KEYS = /([\x7f\b\x01\x05\x07\x0b\x0e\x10\x15\x19])/;

function keyOf(text: string): readonly [input: string, key: Key] {
  if (text === '\x7f' || text === '\b') return ['', { backspace: true }];
  return EDITING_KEYS.test(text) ? [String.fromCharCode(text.charCodeAt(0) + 96), { ctrl: true }] : [text, {}];
}

function control(state: ExplorerState, input: string, examples: readonly Example[]): ExplorerState {
  switch (input) {
    case 'a':
      return { ...state, cursor: 0 };
    case 'e':
      return { ...state, cursor: state[state.field].length };
    case 'u':
      return edit(state, state[state.field].slice(state.cursor), 0);
    case 'k':
      return edit(state, state[state.field].slice(0, state.cursor), state.cursor);
    case 'n':
      return step(state, examples, 1);
    case 'p':
      return step(state, examples, -1);
    case 'g':
      return { ...state, gateway: state.gateway + 1, example: -1, scroll: 0 };
    case 'y':
      return { ...state, showCurl: !state.showCurl };
    default:
      return state;
  }
}

function focus(state: ExplorerState, by: number): ExplorerState {
  const field = FIELDS[(FIELDS.indexOf(state.field) + by + FIELDS.length) % FIELDS.length]!;
  return { ...state, field, cursor: state[field].length };
}

const edit = (state: ExplorerState, text: string, cursor: number): ExplorerState => ({
  ...state,
  [state.field]: state.field === 'method' ? text.toUpperCase() : text,
  cursor,
  example: -1,
  scroll: 0,
});

function step(state: ExplorerState, examples: readonly Example[], by: number): ExplorerState {
  if (examples.length === 0) return state;
  const from = state.example < 0 ? (by > 0 ? -1 : 0) : state.example;
  const example = (from + by + examples.length) % examples.length;
  const { method, url, headers } = examples[example]!;
  const next = { ...state, method, url, headers, example, scroll: 0 };
  return { ...next, cursor: next[next.field].length };
}

/** Pasted text is one input: control characters are dropped, so that a newline in it does nothing. */
const printable = (input: string): string => [...input].filter((c) => c >= ' ' && c !== '\x7f').join('');

/** `a: 1; b: 2` as header lines. */
export const headerLines = (text: string): string[] =>
  text
    .split(';')
    .map((h) => h.trim())
    .filter((h) => h.includes(':'));

/** The request as a command that reaches the same gateway port on this machine's hosts. */
export function asCurl(state: Pick<ExplorerState, 'method' | 'url' | 'headers'>): string {
  const quote = (text: string) =>
    /^[\w@%+=:,./?&-]+$/.test(text) && !/[?&]/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const parts = [
    'curl',
    '-i',
    ...(state.method === 'GET' ? [] : ['-X', state.method]),
    ...headerLines(state.headers).flatMap((h) => ['-H', quote(h)]),
    quote(state.url),
  ];
  return parts.join(' ');
}
