// Fields that no table has (messages.ts): of a newer Envoy, of a build of its own, or not read yet. What they do is not predicted.

import { isObject, own } from '../../../model/index.js';
import { isHarmless } from '../read/known-filters.js';
import { elements, entries, type Node } from '../read/node.js';
import { anyOf, shortType, typedOf } from '../read/typed.js';
import { type FieldOf, isAddition, isValue, type Message, membersOf } from './message.js';
import { MESSAGES } from './messages.js';

/** Below a message; `elsewhere`: messages that are asked for on their own. */
export function* unknownFields(node: Node, message: string, elsewhere: readonly string[] = []): Generator<Node> {
  yield* ofMessage(node, MESSAGES.get(message) ?? {}, elsewhere);
}

function* ofMessage(node: Node, message: Message, elsewhere: readonly string[]): Generator<Node> {
  for (const [name, value] of membersOf(node)) {
    const field = own(message, name);
    if (field !== undefined) yield* ofField(value, field, elsewhere);
    else if (!isEmpty(value)) yield value;
  }
}

/** What protobuf has in place of nothing. */
const isEmpty = ({ value }: Node): boolean =>
  value === false || value === 0 || value === '' || (Array.isArray(value) && value.length === 0);

function* ofField(node: Node, field: FieldOf | undefined, elsewhere: readonly string[]): Generator<Node> {
  if (field === undefined) yield node;
  else if (typeof field === 'function') yield* ofField(node, field(node), elsewhere);
  else if (typeof field === 'string') yield* ofNamed(node, field, elsewhere);
  else if ('message' in field) yield* ofEach(node, (one) => ofMessage(one, field.message, elsewhere));
  else if ('mapOf' in field) for (const [, value] of entries(node)) yield* ofField(value, field.mapOf, elsewhere);
  else if (Array.isArray(field) && isObject(node.value) && !isValue(node))
    for (const [key, value] of entries(node)) if (!isAddition(key)) yield value;
}

function* ofNamed(node: Node, name: string, elsewhere: readonly string[]): Generator<Node> {
  if (elsewhere.includes(name)) return;
  if (name !== 'Any') yield* ofEach(node, (one) => ofMessage(one, MESSAGES.get(name) ?? {}, elsewhere));
  else {
    const { type, config } = anyOf(node);
    const called = node.above ? typedOf(node.above).name : '';
    // Of filters that are not known the reader tells.
    const message = elsewhere.includes(shortType(type)) ? undefined : MESSAGES.get(shortType(type));
    if (message && !isHarmless({ name: called, type, config })) yield* ofMessage(config, message, elsewhere);
  }
}

function* ofEach(node: Node, below: (node: Node) => Generator<Node>): Generator<Node> {
  if (Array.isArray(node.value)) for (const element of elements(node)) yield* ofEach(element, below);
  else yield* below(node);
}
