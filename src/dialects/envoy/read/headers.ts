// Header changes at three levels: route, virtual host, route configuration, from the most specific to the least unless
// `most_specific_header_mutations_wins` turns the order around (source/common/router/config_impl.cc, getRequestHeaderParsers). The model has
// one list for a route: levels are put together where that gives the same headers.

import type { HeaderOps } from '../../../model/index.js';
import { field, list, type Node, originAt } from './node.js';
import { enumeration, flag, text, texts } from './values.js';

export interface HeadersRead {
  readonly ops?: HeaderOps;
  /** Changes that depend on whether the header is there. */
  readonly conditional: readonly ConditionalHeader[];
  /** What could not be put into the model, in words. */
  readonly unread: readonly string[];
}

/** A header that is set where it is there (`OVERWRITE_IF_EXISTS`), or where it is not (`ADD_IF_ABSENT`). */
export interface ConditionalHeader {
  readonly name: string;
  readonly value: string;
  readonly where: 'present' | 'absent';
}

type Direction = 'request' | 'response';

/** `levels`: in the order in which they are applied. */
export function headerOps(levels: readonly (Node | undefined)[], direction: Direction): HeadersRead {
  const unread: string[] = [];
  const conditional: ConditionalHeader[] = [];
  let ops: HeaderOps | undefined;
  for (const level of levels) {
    const next = opsOf(level, direction, unread, conditional);
    ops = ops && next ? joined(ops, next, unread) : (ops ?? next);
  }
  const rivals = conditional.filter((one, i) => isChanged(one, ops) || conditional.findIndex(isAbout(one)) !== i);
  for (const { name, where } of rivals)
    unread.push(`header ${name} with ${ACTION_OF[where]} beside other changes of it`);
  return { ...(ops ? { ops } : {}), conditional: conditional.filter((one) => !rivals.some(isAbout(one))), unread };
}

const ACTION_OF = { absent: 'ADD_IF_ABSENT', present: 'OVERWRITE_IF_EXISTS' } as const;

const isAbout =
  ({ name }: ConditionalHeader) =>
  (other: ConditionalHeader): boolean =>
    other.name.toLowerCase() === name.toLowerCase();

const isChanged = ({ name }: ConditionalHeader, ops: HeaderOps | undefined): boolean =>
  [...(ops?.set ?? []), ...(ops?.add ?? [])].some(([other]) => other.toLowerCase() === name.toLowerCase()) ||
  (ops?.remove ?? []).some((other) => other.toLowerCase() === name.toLowerCase());

/** With `changes` made, too. */
export const withSet = (ops: HeaderOps | undefined, changes: readonly ConditionalHeader[]): HeaderOps | undefined =>
  changes.length === 0
    ? ops
    : { ...ops, set: [...(ops?.set ?? []), ...changes.map(({ name, value }) => [name, value] as const)] };

const ACTIONS = ['APPEND_IF_EXISTS_OR_ADD', 'ADD_IF_ABSENT', 'OVERWRITE_IF_EXISTS_OR_ADD', 'OVERWRITE_IF_EXISTS'];

function opsOf(
  node: Node | undefined,
  direction: Direction,
  unread: string[],
  conditional: ConditionalHeader[],
): HeaderOps | undefined {
  const options = list(node, `${direction}_headers_to_add`);
  const remove = texts(node, `${direction}_headers_to_remove`);
  const set: (readonly [string, string])[] = [];
  const add: (readonly [string, string])[] = [];
  for (const option of options) {
    const header = field(option, 'header');
    const pair = [text(header, 'key') ?? '', text(header, 'value') ?? ''] as const;
    const action = enumeration(option, 'append_action', ACTIONS);
    // `append` is the older field: it counts where it is set.
    const appends = flag(option, 'append');
    if (appends === false || action === 'OVERWRITE_IF_EXISTS_OR_ADD') set.push(pair);
    else if (action === undefined || action === 'APPEND_IF_EXISTS_OR_ADD') add.push(pair);
    else if (action === 'ADD_IF_ABSENT' || action === 'OVERWRITE_IF_EXISTS')
      conditional.push({ name: pair[0], value: pair[1], where: action === 'ADD_IF_ABSENT' ? 'absent' : 'present' });
    else unread.push(`header ${pair[0]} with ${action}`);
    if (flag(option, 'keep_empty_value') && pair[1] === '') unread.push(`header ${pair[0]} with an empty value`);
  }
  if (set.length + add.length + remove.length === 0) return undefined;
  const first = options[0] ?? field(node, `${direction}_headers_to_remove`);
  return {
    ...(set.length > 0 ? { set } : {}),
    ...(add.length > 0 ? { add } : {}),
    ...(remove.length > 0 ? { remove } : {}),
    ...(first ? { origin: originAt(first) } : {}),
  };
}

/** One list that does what the two do one after the other. */
function joined(first: HeaderOps, second: HeaderOps, unread: string[]): HeaderOps {
  const lower = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()));
  const removed = lower(second.remove ?? []);
  const replaced = lower((second.set ?? []).map(([name]) => name));
  const isGone = (name: string) => removed.has(name.toLowerCase()) || replaced.has(name.toLowerCase());
  const written = lower([...(first.set ?? []), ...(first.add ?? [])].map(([name]) => name));
  for (const [name, value] of [...(second.set ?? []), ...(second.add ?? [])])
    if (readsOneOf(value, written) || readsOneOf(value, lower(first.remove ?? [])))
      unread.push(`header ${name}, whose value depends on a change of another level`);
  // What is set and then added to by the first level keeps both; the second level sets over all of it.
  const keep = (pairs: HeaderOps['set']) => (pairs ?? []).filter(([name]) => !isGone(name));
  return {
    set: [...keep(first.set), ...(second.set ?? [])],
    add: [...keep(first.add), ...(second.add ?? [])],
    remove: [...(first.remove ?? []), ...(second.remove ?? [])],
    ...(first.origin ? { origin: first.origin } : {}),
  };
}

const READ = /%REQ\(([^)]*)\)/g;

const readsOneOf = (value: string, names: ReadonlySet<string>): boolean =>
  names.size > 0 &&
  [...value.matchAll(READ)].some(([, argument = '']) =>
    argument.split('?').some((name) => names.has(name.toLowerCase())),
  );
