// Headers of a snippet as changes of the model. Of answers nginx takes away what is hidden, then does what headers-more says, in order,
// then appends what add_header says: its filter runs last (ngx_modules order; add-on filters run before ngx_http_headers_filter_module).

import type { Action, HeaderOps } from '../../../model/index.js';
import { ADD_HEADER_STATUSES, type Snippet } from './snippet.js';
import { type LocationContext, templateOf, type Value } from './value.js';

type Line = readonly [name: string, value: string];

/** What the snippets of the server and of the location do to an answer. */
export interface AnswerHeaders {
  readonly set: readonly Line[];
  readonly remove: readonly string[];
  readonly add: readonly { readonly line: Line; readonly always: boolean }[];
}

/** `told`: called with variables that are not known; the header is left out then. */
export function answerHeaders(
  { server, location }: { readonly server?: Snippet | undefined; readonly location?: Snippet | undefined },
  context: LocationContext,
  told: (names: readonly string[]) => void,
): AnswerHeaders {
  const known = (text: string): Value | undefined => knownValue(text, context, false, told);
  // headers-more joins the levels, the outer one first; the others count only where the inner level has none of them.
  const last = new Map<string, string | undefined>();
  for (const { name, value } of [...(server?.moreHeaders ?? []), ...(location?.moreHeaders ?? [])]) {
    const read = value === undefined ? undefined : known(value);
    if (value !== undefined && read === undefined) continue;
    last.delete(name);
    last.set(name, read?.template);
  }
  const inner = <T>(pick: (snippet: Snippet) => readonly T[]): readonly T[] => {
    const own = location ? pick(location) : [];
    return own.length > 0 || !server ? own : pick(server);
  };
  const add = inner((s) => s.addHeaders).flatMap(({ name, value, always }) => {
    const read = known(value);
    return read ? [{ line: [name, read.template] as const, always }] : [];
  });
  const set = [...last].flatMap(([name, value]): Line[] => (value === undefined ? [] : [[name, value]]));
  const cleared = [...last].flatMap(([name, value]) => (value === undefined ? [name] : []));
  return { set, remove: [...new Set([...inner((s) => s.hidden), ...cleared])], add };
}

/** Those of one answer: `add_header` without `always` does not count for an error that nginx answers by itself. */
export function answerOps({ set, remove, add }: AnswerHeaders, action: Action): HeaderOps | undefined {
  const status = action.kind === 'redirect' || action.kind === 'direct-response' ? action.status : 200;
  const added = add.filter(({ always }) => always || ADD_HEADER_STATUSES.includes(status)).map(({ line }) => line);
  if (set.length + remove.length + added.length === 0) return undefined;
  return {
    ...(set.length > 0 ? { set } : {}),
    ...(added.length > 0 ? { add: added } : {}),
    ...(remove.length > 0 ? { remove } : {}),
  };
}

/** Of requests that go on: an empty value takes the header away. */
export function requestOps(
  { inputHeaders, proxyHeaders }: Pick<Snippet, 'inputHeaders' | 'proxyHeaders'>,
  context: LocationContext,
  told: (names: readonly string[]) => void,
): HeaderOps | undefined {
  const set = new Map<string, string>();
  const remove = new Set<string>();
  for (const { name, value } of [...inputHeaders, ...proxyHeaders]) {
    const read = value ? knownValue(value, context, true, told) : undefined;
    if (value && !read) continue;
    // The header of the request itself: it goes on as it came, or is not there.
    if (read?.template === `%REQ(${name})%`) continue;
    set.delete(name);
    if (read) set.set(name, read.template);
    // A value that comes out empty sends no header, whatever the client sent.
    if (!read || read.mayBeEmpty) remove.add(name);
  }
  if (set.size + remove.size === 0) return undefined;
  return { ...(set.size > 0 ? { set: [...set] } : {}), ...(remove.size > 0 ? { remove: [...remove] } : {}) };
}

function knownValue(
  text: string,
  context: LocationContext,
  ofRequest: boolean,
  told: (names: readonly string[]) => void,
): Value | undefined {
  const value = templateOf(text, context, ofRequest);
  if (value.unknown.length === 0) return value;
  told(value.unknown);
  return undefined;
}
