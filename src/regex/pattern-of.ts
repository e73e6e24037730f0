// A pattern for the language of an automaton, by taking its states away one after the other (Kleene): for texts that no pattern of the
// user's describes, such as those that two of them match.

import { type CharSet, complementChars, normalizeRanges } from './charset.js';
import type { Dfa } from './dfa.js';
import { quoteRegex } from './quote.js';

const MOST_STATES = 40;
const MOST_CHARACTERS = 1_000;

const REST = '(?s:.*)';

/** A pattern and how tightly it holds together: `a|b`, `ab`, `a`. */
interface Part {
  readonly text: string;
  readonly kind: 'alternatives' | 'sequence' | 'one';
}

const NOTHING: Part = { text: '', kind: 'sequence' };

/** In RE2's syntax, for whole texts; undefined: nothing matches, or the pattern would be too long to be read by anybody. */
export function patternOf(dfa: Dfa): string | undefined {
  if (dfa.states > MOST_STATES) return undefined;
  const [before, behind] = [dfa.states, dfa.states + 1];
  const edges = new Map<string, Part>();
  const add = (from: number, to: number, part: Part): void => {
    const key = `${from} ${to}`;
    const known = edges.get(key);
    edges.set(key, known ? either(known, part) : part);
  };
  add(before, dfa.start, NOTHING);
  for (let state = 0; state < dfa.states; state++) addEdges(dfa, state, behind, add);
  for (let left = dfa.states; left > 0; left--) {
    const state = cheapest(edges, dfa.states);
    if (state === undefined) break;
    remove(state, edges, add);
    for (const { text } of edges.values()) if (text.length > MOST_CHARACTERS) return undefined;
  }
  return edges.get(`${before} ${behind}`)?.text;
}

function addEdges(dfa: Dfa, state: number, behind: number, add: (from: number, to: number, part: Part) => void): void {
  if (dfa.universal[state] === 1) {
    add(state, behind, { text: REST, kind: 'one' });
    return;
  }
  if (dfa.accepting[state] === 1) add(state, behind, NOTHING);
  const sets = new Map<number, number[]>();
  dfa.starts.forEach((lo, i) => {
    const c = dfa.classOf[i]!;
    const to = c < 0 ? -1 : dfa.next[state * dfa.classes + c]!;
    if (to < 0) return;
    sets.set(to, [...(sets.get(to) ?? []), lo, (dfa.starts[i + 1] ?? 0x110000) - 1]);
  });
  for (const [to, ranges] of sets) add(state, to, { text: setText(normalizeRanges(ranges)), kind: 'one' });
}

/** The state whose removal makes the fewest new edges; undefined: none is left. */
function cheapest(edges: ReadonlyMap<string, Part>, states: number): number | undefined {
  const [into, outOf] = [new Map<number, number>(), new Map<number, number>()];
  for (const key of edges.keys()) {
    const [from, to] = key.split(' ').map(Number) as [number, number];
    if (from === to) continue;
    if (from < states) outOf.set(from, (outOf.get(from) ?? 0) + 1);
    if (to < states) into.set(to, (into.get(to) ?? 0) + 1);
  }
  let best: number | undefined;
  const cost = (state: number) => (into.get(state) ?? 0) * (outOf.get(state) ?? 0);
  for (const state of new Set([...into.keys(), ...outOf.keys()]))
    if (best === undefined || cost(state) < cost(best)) best = state;
  return best;
}

function remove(state: number, edges: Map<string, Part>, add: (from: number, to: number, part: Part) => void): void {
  const loop = edges.get(`${state} ${state}`);
  const [into, outOf]: [number, Part][][] = [[], []];
  for (const [key, part] of [...edges]) {
    const [from, to] = key.split(' ').map(Number) as [number, number];
    if (from !== state && to !== state) continue;
    edges.delete(key);
    if (from !== state) into!.push([from, part]);
    else if (to !== state) outOf!.push([to, part]);
  }
  const around = loop ? repeated(loop) : NOTHING;
  for (const [from, first] of into!)
    for (const [to, last] of outOf!) add(from, to, [first, around, last].reduce(sequence));
}

const grouped = ({ text, kind }: Part, wanted: Part['kind']): string =>
  kind === 'alternatives' || (kind === 'sequence' && wanted === 'one') ? `(?:${text})` : text;

function sequence(a: Part, b: Part): Part {
  if (a.text === '' || b.text === '') return a.text === '' ? b : a;
  return { text: grouped(a, 'sequence') + grouped(b, 'sequence'), kind: 'sequence' };
}

function either(a: Part, b: Part): Part {
  if (a.text === b.text) return a;
  if (a.text === '' || b.text === '') return { text: `${grouped(a.text === '' ? b : a, 'one')}?`, kind: 'sequence' };
  return { text: `${a.text}|${b.text}`, kind: 'alternatives' };
}

const repeated = (part: Part): Part => ({ text: `${grouped(part, 'one')}*`, kind: 'sequence' });

/** The shorter of the set and what is not in it. */
function setText(set: CharSet): string {
  const [lo, hi] = set;
  if (set.length === 2 && lo === hi) return charText(lo!);
  const other = complementChars(set);
  if (other.length === 0) return '(?s:.)';
  return set.length <= other.length ? `[${rangesText(set)}]` : `[^${rangesText(other)}]`;
}

function rangesText(set: CharSet): string {
  let text = '';
  for (let i = 0; i < set.length; i += 2) {
    const [lo, hi] = [inClass(set[i]!), inClass(set[i + 1]!)];
    text += lo === hi ? lo : `${lo}-${hi}`;
  }
  return text;
}

const isPlain = (c: number): boolean => c >= 0x20 && c < 0x7f;
const codeText = (c: number): string => `\\x{${c.toString(16)}}`;
const charText = (c: number): string => (isPlain(c) ? quoteRegex(String.fromCharCode(c)) : codeText(c));
const inClass = (c: number): string =>
  isPlain(c) ? String.fromCharCode(c).replace(/[\\\]^[-]/g, '\\$&') : codeText(c);
