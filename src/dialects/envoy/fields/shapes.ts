// Values where a message has to stand, and lists where one has to. Envoy refuses the whole update then, and the reader would pass over
// them. One value in place of a list is none of them: Envoy takes it for a list of one (node.ts).

import { append, isObject, type Json, type JsonObject, own, type Resource } from '../../../model/index.js';
import { below, type Node, topOf } from '../read/node.js';
import { shortType } from '../read/typed.js';
import { eachMember, type FieldOf, type Message } from './message.js';
import { MESSAGES } from './messages.js';

export interface Misshapen {
  /** `listeners[2] has to be an object, and is a number`. */
  readonly says: string;
  readonly node: Node;
  /** A dump of nothing: not wrong in itself, as Envoy prints it for a filter that nothing fits. */
  readonly isEmpty?: true;
}

/** Messages that are never repeated. */
const SINGLE: ReadonlySet<string> = new Set([
  'match',
  'route',
  'redirect',
  'direct_response',
  'route_config',
  'listener',
]);

/** Of entries of a dump, which has one each; elsewhere `cluster` is a name. */
const SINGLE_OF_DUMPS: ReadonlySet<string> = new Set(['cluster', 'active_state', 'draining_state']);

/** Lists of texts. Envoy takes null for an empty one. */
const OF_TEXTS: ReadonlySet<string> = new Set([
  'domains',
  'request_headers_to_remove',
  'response_headers_to_remove',
  'server_names',
]);

/** Where the walk is: a place is made only for what is wrong. */
interface Walk {
  readonly top: Node;
  readonly path: (string | number)[];
  readonly found: Misshapen[];
}

/** In the order of the file. */
export function misshapenIn(resource: Resource): readonly Misshapen[] {
  const walk: Walk = { top: topOf(resource), path: [], found: [] };
  if (resource.kind === 'ConfigDump' && isEmpty(own(resource.object, 'configs')))
    return [{ says: '`configs` is empty: no listener, no route, no cluster', node: walk.top, isEmpty: true }];
  ofMessage(resource.object, MESSAGES.get(resource.kind) ?? {}, walk);
  return walk.found;
}

function ofMessage(object: JsonObject, message: Message, walk: Walk): void {
  eachMember(object, (name, value, keys) => {
    const field = own(message, name);
    const isMessage = typeof field === 'string' || (typeof field === 'object' && 'message' in field);
    if (!isMessage && !OF_TEXTS.has(name)) return;
    append(walk.path, keys);
    if ((SINGLE.has(name) || SINGLE_OF_DUMPS.has(name)) && Array.isArray(value)) wrong('an object', value, walk);
    else if (OF_TEXTS.has(name)) ofTexts(value, walk);
    else if (isMessage) ofMessages(value, field, walk);
    walk.path.length -= keys.length;
  });
}

const isEmpty = (value: Json | undefined): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);

function ofTexts(value: Json, walk: Walk): void {
  if (Array.isArray(value)) eachOf(value, walk, (one) => ofTexts(one, walk));
  else if (typeof value !== 'string' && value !== null) wrong('a text', value, walk);
}

function eachOf(value: Json, { path }: Walk, visit: (one: Json) => void): void {
  if (!Array.isArray(value)) return;
  for (let i = 0; i < value.length; i++) {
    path.push(i);
    visit(value[i] as Json);
    path.pop();
  }
}

function ofMessages(value: Json, field: Extract<FieldOf, string | { message: Message }>, walk: Walk): void {
  if (Array.isArray(value)) eachOf(value, walk, (one) => ofMessages(one, field, walk));
  else if (!isObject(value)) wrong('an object', value, walk);
  else if (typeof field !== 'string') ofMessage(value, field.message, walk);
  else ofMessage(value, MESSAGES.get(field === 'Any' ? shortType(typeOf(value)) : field) ?? {}, walk);
}

/** A TypedStruct holds its fields one step deeper: they are not looked at. */
const typeOf = (value: JsonObject): string => {
  const type = own(value, '@type');
  return typeof type === 'string' ? type : '';
};

function wrong(wanted: string, value: Json, { top, path, found }: Walk): void {
  const node = path.reduce<Node>((above, key) => below(above, key, partOf(above.value, key)), top);
  found.push({ says: `${nameOf(node)} has to be ${wanted}, and is ${called(value)}`, node });
}

const partOf = (value: Json, key: string | number): Json =>
  (Array.isArray(value) ? (value as readonly Json[])[Number(key)] : isObject(value) ? own(value, String(key)) : null) ??
  null;

/** `listeners[2]`. */
const nameOf = ({ key, above }: Node): string =>
  typeof key === 'number' ? `${above ? nameOf(above) : ''}[${key}]` : String(key);

function called(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'true or false' : 'an object';
}
