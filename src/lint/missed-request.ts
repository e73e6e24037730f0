// Whether earlier routes for a path leave a later one a request: the one with the later route's own headers and parameters and no others.
// A yes is certain, a no means that it has to be looked at (src/space/own-request.ts asks about more, and the algebra decides).

import type { HeaderMatcher, QueryMatcher, RouteMatch } from '../model/index.js';

/** Earlier routes of one path that are compared. */
const MOST = 32;

/** None of the earlier routes takes a certain request of the later one; its path does not exclude any of them. */
export function areMissed(earlier: readonly RouteMatch[], later: RouteMatch): boolean {
  if (earlier.length === 0) return true;
  return earlier.length <= MOST && isPlain(later) && earlier.every((one) => isMissed(one, later));
}

/** The request can be sent as it is written, and arrives so. */
function isPlain({ path, headers, query }: RouteMatch): boolean {
  return (
    (!path || ('value' in path && isPlainPath(path.value))) &&
    headers.every((h) => isPlainText(h.value) && !h.invert) &&
    query.every((q) => isPlainText(q.value) && !q.invert) &&
    areApart(headers) &&
    areApart(query)
  );
}

/** Two values of one name need not be had together. */
const areApart = (asked: readonly { readonly name: string }[]): boolean =>
  new Set(asked.map(({ name }) => name)).size === asked.length;

const isPlainPath = (path: string): boolean =>
  /^\/[\w./~-]*$/.test(path) && !path.includes('//') && !path.includes('/.');
const isPlainText = (value: HeaderMatcher['value']): boolean =>
  value.kind === 'exact' && /^[\w.~-]+$/.test(value.value);

const isMissed = (earlier: RouteMatch, later: RouteMatch): boolean =>
  earlier.headers.some((h) => mayBeLeftOut(h) && isOther(h, later.headers)) ||
  earlier.query.some((q) => isOther(q, later.query));

/** Headers that no hop adds and that the condition asks to be there. */
const mayBeLeftOut = ({ name, missing = 'no-match' }: HeaderMatcher): boolean =>
  (name === ':method' || !/^(?::|host$|x-forwarded|x-envoy|x-real|x-request-id$|forwarded$|via$)/.test(name)) &&
  missing === 'no-match';

/** The request does not have it, or another value of it. */
function isOther(
  { name, value, invert }: HeaderMatcher | QueryMatcher,
  asked: readonly (HeaderMatcher | QueryMatcher)[],
) {
  if (invert) return false;
  const own = asked.find((one) => one.name === name)?.value;
  // Every request has a method.
  if (own === undefined) return name !== ':method';
  if (value.kind !== 'exact' || own.kind !== 'exact' || value.ignoreCase || own.ignoreCase) return false;
  return value.value !== own.value;
}
