// Values that an engine computes from a request (EngineRules.pseudoHeader), which stand in templates as `%REQ(:words {…})%`; and headers
// that no other engine sets.

import type { HeaderOps, Template } from './action.js';

/** A value of the template is the answer to a question. */
export const asksEngine = (template: Template | undefined): boolean =>
  template !== undefined && /%REQ\(:[^{%()]+ \{/.test(template);

/** A token (RFC 9110, 5.6.2). */
const isHeaderName = (name: string): boolean => /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(name);

const cannotBeSet = ([name, value]: readonly [string, Template]): boolean => asksEngine(value) || !isHeaderName(name);

/** Names of headers with such a value, and names that are none. */
export const computedHeaders = (ops: HeaderOps | undefined): string[] =>
  [...(ops?.set ?? []), ...(ops?.add ?? [])].filter(cannotBeSet).map(([name]) => name);

/** Without them; the same object where there are none, undefined where nothing is left. */
function withoutComputed(ops: HeaderOps | undefined): HeaderOps | undefined {
  if (!ops || computedHeaders(ops).length === 0) return ops;
  const { set, add, ...rest } = ops;
  const kept = (list: HeaderOps['set']) => list?.filter((entry) => !cannotBeSet(entry)) ?? [];
  const lists = {
    ...(kept(set).length > 0 ? { set: kept(set) } : {}),
    ...(kept(add).length > 0 ? { add: kept(add) } : {}),
  };
  return Object.keys(lists).length > 0 || rest.remove?.length ? { ...rest, ...lists } : undefined;
}

/** The route, the same object where it sets no such header. */
export function withoutComputedHeaders<
  R extends { readonly requestHeaders?: HeaderOps; readonly responseHeaders?: HeaderOps },
>(route: R): R {
  const { requestHeaders, responseHeaders, ...rest } = route;
  const [request, response] = [withoutComputed(requestHeaders), withoutComputed(responseHeaders)];
  if (request === requestHeaders && response === responseHeaders) return route;
  return {
    ...rest,
    ...(request ? { requestHeaders: request } : {}),
    ...(response ? { responseHeaders: response } : {}),
  } as R;
}
