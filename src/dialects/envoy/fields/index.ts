// Every field of an Envoy configuration with what it becomes in the model: its messages walked along their tables (messages.ts).

import { own } from '../../../model/index.js';
import type { Feed, FieldsWithFeeds } from '../../accounts.js';
import { isHarmless } from '../read/known-filters.js';
import { elements, entries, type Node, originAt, topOf } from '../read/node.js';
import { anyOf, shortType, typedOf } from '../read/typed.js';
import { text } from '../read/values.js';
import { type FieldOf, isValue, type Message, membersOf } from './message.js';
import { MESSAGES } from './messages.js';

type Found = ReturnType<FieldsWithFeeds> extends Iterable<infer F> ? F : never;

const OF_ISTIO: Feed = { without: 'made of a Service and its DestinationRules, which stay where they are' };

const HARMLESS: Feed = { without: 'a filter that changes no answer: statistics, traces, or how bytes travel' };

/** Of the objects that documents.ts makes; their own fields are no configuration. */
export function* fields(resource: Parameters<FieldsWithFeeds>[0]): Generator<Found> {
  const message = MESSAGES.get(resource.kind);
  if (message) yield* ofMessage(topOf(resource), message);
}

const placed = (node: Node, feed: Feed | undefined): Found => [originAt(node).path, feed];

function* ofMessage(node: Node, message: Message): Generator<Found> {
  for (const [name, value] of membersOf(node)) yield* ofField(value, own(message, name));
}

function* ofField(node: Node, written: FieldOf | undefined): Generator<Found> {
  const field = typeof written === 'function' ? written(node) : written;
  if (field === undefined) yield placed(node, undefined);
  else if (typeof field === 'function') yield* ofField(node, field);
  else if (typeof field === 'string' || 'message' in field) yield* ofMessages(node, field);
  else if ('mapOf' in field) for (const [, value] of entries(node)) yield* ofField(value, field.mapOf);
  else if ('unread' in field) yield placed(node, undefined);
  else yield* ofFeed(node, field);
}

/** A message, or a list of them. */
function* ofMessages(node: Node, field: string | { readonly message: Message }): Generator<Found> {
  if (Array.isArray(node.value)) {
    for (const element of elements(node)) yield* ofMessages(element, field);
  } else if (typeof field !== 'string') yield* ofMessage(node, field.message);
  else if (field === 'Cluster' && text(node, 'name')?.startsWith('outbound|')) yield placed(node, OF_ISTIO);
  else if (field === 'Any') yield* ofAny(node);
  else yield* ofMessage(node, MESSAGES.get(field) ?? {});
}

/** A reason holds for all that is below; parts of the model for values, and a message in their place is nothing that a table has. */
function* ofFeed(node: Node, feed: Feed): Generator<Found> {
  const below = 'without' in feed ? [] : Array.isArray(node.value) ? elements(node) : valuesOf(node);
  if (below.length === 0) yield placed(node, feed);
  const unknown = !('otherwise' in feed || 'without' in feed || Array.isArray(node.value) || isValue(node));
  for (const child of below)
    if (child.key !== '@type') yield* unknown ? [placed(child, undefined)] : ofFeed(child, feed);
}

const valuesOf = (node: Node): Node[] => entries(node).map(([, value]) => value);

function* ofAny(node: Node): Generator<Found> {
  const { type, config } = anyOf(node);
  const name = node.above ? typedOf(node.above).name : '';
  const message = MESSAGES.get(shortType(type));
  if (isHarmless({ name, type, config })) yield placed(node, HARMLESS);
  else if (message) yield* ofMessage(config, message);
  else yield placed(node, undefined);
}
