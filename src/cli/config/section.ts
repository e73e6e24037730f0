// Parts of meshgw.config.yaml read with their places: what is wrong is reported with line and column, what is allowed there, and the name
// that was probably meant.

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import { CannotRunError, nearestName } from '../../diagnostics/index.js';
import { put } from '../../model/index.js';

/** A value of the file, and how to refuse it. */
export interface Section {
  /** Absent or null: nothing is written there. */
  readonly node: Node | null | undefined;
  /** For messages: `` `lint.rules` ``. */
  readonly what: string;
  readonly fail: Fail;
}

/** Throws CannotRunError at an offset of the text. */
export type Fail = (offset: number, message: string, hint?: string) => never;

/** The whole of a file; `file` is for messages. */
export function sectionOf(file: string, text: string): Section {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fail: Fail = (offset, message, hint) => {
    const { line, col } = lines.linePos(offset);
    throw new CannotRunError(`${file}:${Math.max(line, 1)}:${Math.max(col, 1)}: ${message}`, hint);
  };
  const [broken] = document.errors;
  if (broken) fail(broken.pos[0], reasonOf(broken), 'the configuration must be YAML');
  return { node: document.contents, what: 'the configuration', fail };
}

/** The parser speaks to programmers about several documents, and adds the place to everything. */
const reasonOf = ({ code, message }: YAMLError): string =>
  code === 'MULTIPLE_DOCS' ? 'a second document begins here: write one' : message.split(/ at line|\n/)[0]!;

/** The values of a mapping by key, all keys being among `known`; nothing is an empty mapping. `prefix` is put before their names in messages. */
export function entriesOf<K extends string>(
  section: Section,
  known: readonly K[],
  prefix = '',
): { readonly [key in K]: Section } {
  const found: { [key: string]: Section } = {};
  for (const key of known) put(found, key, { ...section, node: undefined, what: `\`${prefix}${key}\`` });
  for (const { key, value, at } of pairsOf(section)) {
    if (!known.includes(key as K)) {
      const near = nearestName(key, known);
      section.fail(
        at,
        `unknown key \`${key}\` in ${section.what}${near ? `; did you mean \`${near}\`?` : ''}`,
        `allowed here: ${known.join(', ')}`,
      );
    }
    put(found, key, { ...section, node: value.node, what: `\`${prefix}${key}\`` });
  }
  return found as { readonly [key in K]: Section };
}

export interface Entry {
  readonly key: string;
  readonly value: Section;
  /** Offset of the key. */
  readonly at: number;
}

/** The entries of a mapping, in their order. */
export function pairsOf(section: Section): Entry[] {
  const { node, what, fail } = section;
  if (isEmpty(section)) return [];
  if (!isMap(node)) return fail(startOf(section), `${what} must be a mapping, but is ${shown(node!)}`);
  return node.items.map(({ key, value }) => {
    if (!isScalar(key)) return fail((key as Node).range?.[0] ?? 0, `a key of ${what} is not text`);
    const name = String(key.value);
    const entry = { ...section, node: value as Node | null, what: `${what.replace(/`$/, '')}.${name}\`` };
    return { key: name, value: entry, at: key.range?.[0] ?? 0 };
  });
}

/** The entries of a list; nothing is an empty one. */
export function itemsOf(section: Section): Section[] {
  const { node, what, fail } = section;
  if (isEmpty(section)) return [];
  if (!isSeq(node)) return fail(startOf(section), `${what} must be a list, but is ${shown(node!)}`);
  return node.items.map((item) => ({ ...section, node: item as Node, what: `an entry of ${what}` }));
}

/** A list of texts; nothing is an empty one. */
export const textsOf = (section: Section): { readonly text: string; readonly section: Section }[] =>
  itemsOf(section).map((one) => ({ text: textOf(one), section: one }));

/** The text of a scalar; a number or a boolean as it is written. */
export function textOf(section: Section): string {
  const { node, what, fail } = section;
  if (isScalar(node) && node.value !== null) return node.source ?? String(node.value);
  return fail(startOf(section), `${what} must be text, but is ${node ? shown(node) : 'empty'}`);
}

/** The value of a scalar, one of `allowed`. */
export function wordOf<W extends string>(section: Section, allowed: readonly W[]): W {
  const { node, what, fail } = section;
  const value = isScalar(node) ? node.value : undefined;
  if (allowed.includes(value as W)) return value as W;
  const near = typeof value === 'string' ? nearestName(value, allowed) : undefined;
  return fail(
    startOf(section),
    `${what} is ${node ? shown(node) : 'empty'}${near ? `; did you mean \`${near}\`?` : ''}`,
    `allowed here: ${allowed.join(', ')}`,
  );
}

const isEmpty = ({ node }: Section): boolean =>
  node === null || node === undefined || (isScalar(node) && node.value === null);

/** Offset of the value. */
export const startOf = ({ node }: Section): number => node?.range?.[0] ?? 0;

function shown(node: Node): string {
  if (isAlias(node)) return 'an alias (aliases are not followed here)';
  if (!isScalar(node)) return isMap(node) ? 'a mapping' : 'a list';
  return node.value === null ? 'empty' : `\`${String(node.value).slice(0, 40)}\``;
}
