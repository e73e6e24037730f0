// Fields that no table has (messages.ts): of a newer Envoy, of a build of its own, or not read yet. What they do is not predicted.

import { isObject, type Json, own } from '../../../model/index.js';
import { isHarmless } from '../read/known-filters.js';
import { elements, entries, type Node } from '../read/node.js';
import { anyOf, shortType, typedOf } from '../read/typed.js';
import { eachMember, type FieldOf, isAddition, isValue, type Message, memberOf } from './message.js';
import { MESSAGES } from './messages.js';

interface Walk {
  readonly found: Node[];
  /** Messages that are asked for on their own. */
  readonly elsewhere: readonly string[];
}

/** Below a message, in the order of the file; `elsewhere`: messages that are asked for on their own. */
export function unknownFields(node: Node, message: string, elsewhere: readonly string[] = []): readonly Node[] {
  const walk: Walk = { found: [], elsewhere };
  ofMessage(node, MESSAGES.get(message) ?? {}, walk);
  return walk.found;
}

/** Nearly all fields are known to their end: no place is made for them. */
function ofMessage(node: Node, message: Message, walk: Walk): void {
  if (!isObject(node.value)) return;
  eachMember(node.value, (name, value, keys) => {
    const field = own(message, name);
    if (field === undefined) {
      if (!isEmpty(value)) walk.found.push(memberOf(node, keys, value));
    } else if (!isKnownWhole(value, field)) ofField(memberOf(node, keys, value), field, walk);
  });
}

/** Nothing below it can be unknown. */
const isKnownWhole = (value: Json, field: FieldOf): boolean =>
  typeof field !== 'function' &&
  (typeof value !== 'object' ||
    (typeof field === 'object' && !Array.isArray(field) && !('message' in field) && !('mapOf' in field)));

/** What protobuf has in place of nothing. */
const isEmpty = (value: Json): boolean =>
  value === false || value === 0 || value === '' || (Array.isArray(value) && value.length === 0);

function ofField(node: Node, field: FieldOf | undefined, walk: Walk): void {
  if (field === undefined) walk.found.push(node);
  else if (typeof field === 'function') ofField(node, field(node), walk);
  else if (typeof field === 'string') ofNamed(node, field, walk);
  else if ('message' in field) ofEach(node, (one) => ofMessage(one, field.message, walk));
  else if ('mapOf' in field) for (const [, value] of entries(node)) ofField(value, field.mapOf, walk);
  else if (Array.isArray(field) && isObject(node.value) && !isValue(node))
    for (const [key, value] of entries(node)) if (!isAddition(key)) walk.found.push(value);
}

function ofNamed(node: Node, name: string, walk: Walk): void {
  if (walk.elsewhere.includes(name)) return;
  if (name !== 'Any') {
    const message = MESSAGES.get(name) ?? {};
    ofEach(node, (one) => ofMessage(one, message, walk));
  } else {
    const { type, config } = anyOf(node);
    const called = node.above ? typedOf(node.above).name : '';
    // Of filters that are not known the reader tells.
    const message = walk.elsewhere.includes(shortType(type)) ? undefined : MESSAGES.get(shortType(type));
    if (message && !isHarmless({ name: called, type, config })) ofMessage(config, message, walk);
  }
}

function ofEach(node: Node, one: (node: Node) => void): void {
  if (Array.isArray(node.value)) for (const element of elements(node)) ofEach(element, one);
  else one(node);
}
