// The state of the live view: which exchanges are shown, which one is chosen. Keys in, state out; nothing here draws.

import type { Key } from './explorer-state.js';

/** One exchange. */
export interface LiveRow {
  /** `14:03:07`. */
  readonly time: string;
  readonly method: string;
  readonly host: string;
  /** With its query. */
  readonly path: string;
  /** Name of the route or of the object that it comes from; `-`: none. */
  readonly route: string;
  /** `reviews.default:9080/v2`, or who answered instead. */
  readonly destination: string;
  /** 0: the client got no answer. */
  readonly status: number;
  readonly flags: string;
  readonly ms: number;
  /** What else is known, for one exchange alone: name and text. */
  readonly details?: readonly (readonly [name: string, text: string])[];
}

/** Rows have no names: they are counted. */
export type NumberedRow = LiveRow & { readonly number: number };

export interface LiveState {
  /** What was there when it was stopped; absent: rows come in. */
  readonly stopped?: readonly NumberedRow[];
  /** Only rows in which this text stands. */
  readonly filter: string;
  /** Keys go into the filter. */
  readonly typing: boolean;
  /** Number of the chosen row. */
  readonly chosen?: number;
  readonly showDetails: boolean;
}

export const INITIAL: LiveState = { filter: '', typing: false, showDetails: false };

/** The rows that are looked at. */
export function rowsOf({ stopped, filter }: LiveState, coming: readonly NumberedRow[]): readonly NumberedRow[] {
  const rows = stopped ?? coming;
  const wanted = filter.toLowerCase();
  return wanted === '' ? rows : rows.filter((row) => textOf(row).includes(wanted));
}

const textOf = ({ method, host, path, route, destination, status, flags }: LiveRow): string =>
  `${method} ${host}${path} ${route} ${destination} ${status} ${flags}`.toLowerCase();

const PAGE = 10;

/** Undefined: the user leaves. `coming`: the rows of now. Keys that come in one piece count one by one. */
export function pressLive(
  state: LiveState,
  input: string,
  key: Key,
  coming: readonly NumberedRow[],
): LiveState | undefined {
  if ([...input].length < 2 || key.ctrl || key.meta) return pressOne(state, input, key, coming);
  return [...input].reduce<LiveState | undefined>(
    (now, c) => now && pressOne(now, c === '\r' ? '' : c, keyOf(c), coming),
    state,
  );
}

const keyOf = (c: string): Key => (c === '\r' ? { return: true } : c === '\x7f' ? { backspace: true } : {});

function pressOne(state: LiveState, input: string, key: Key, coming: readonly NumberedRow[]): LiveState | undefined {
  if (key.ctrl && input === 'c') return undefined;
  if (state.typing) return typed(state, input, key);
  if (key.escape) return back(state);
  if (input === 'q') return undefined;
  if (input === ' ') return state.stopped ? running(state) : { ...state, stopped: coming };
  if (input === '/') return { ...state, typing: true };
  if (key.return) return details(state, coming);
  const by = key.upArrow ? -1 : key.downArrow ? 1 : key.pageUp ? -PAGE : key.pageDown ? PAGE : 0;
  return by === 0 ? state : move(state, by, coming);
}

function typed(state: LiveState, input: string, key: Key): LiveState {
  if (key.escape) return { ...state, typing: false, filter: '' };
  if (key.return) return { ...state, typing: false };
  if (key.backspace || key.delete) return { ...state, filter: state.filter.slice(0, -1) };
  if (key.ctrl || key.meta) return state;
  return { ...state, filter: state.filter + [...input].filter((c) => c >= ' ' && c !== '\x7f').join('') };
}

/** One step back: from the details, from the filter, from the stop; then out. */
function back(state: LiveState): LiveState | undefined {
  if (state.showDetails) return { ...state, showDetails: false };
  if (state.filter !== '') return { ...state, filter: '' };
  return state.stopped ? running(state) : undefined;
}

const running = ({ filter }: LiveState): LiveState => ({ ...INITIAL, filter });

/** Whoever chooses a row wants it to stay where it is. */
function move(state: LiveState, by: number, coming: readonly NumberedRow[]): LiveState {
  const stopped = state.stopped ?? coming;
  const rows = rowsOf({ ...state, stopped }, coming);
  if (rows.length === 0) return state;
  const at = rows.findIndex((row) => row.number === state.chosen);
  const next = at < 0 ? rows.length - 1 : Math.min(rows.length - 1, Math.max(0, at + by));
  return { ...state, stopped, chosen: rows[next]!.number };
}

function details(state: LiveState, coming: readonly NumberedRow[]): LiveState {
  const chosen = state.chosen === undefined ? move(state, 0, coming) : state;
  return chosen.chosen === undefined ? state : { ...chosen, showDetails: !state.showDetails };
}
