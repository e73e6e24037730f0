// Requests just beside one: what the rules of a virtual host tell apart from it by one property each.

import type { Engine, Route } from '../model/index.js';
import { atomsOf, buildDimension, type DimensionKey, type Witness } from '../space/index.js';

export interface Edge extends Witness {
  /** `without header x-user`. */
  readonly why: string;
  /** What was changed: `longer path`, `header x-user`. */
  readonly property: string;
}

/** One change at a time; the caller looks where each goes. `routes`: of the virtual host, the request's own among them. */
export function* boundaries(witness: Witness, routes: readonly Route[], engine: Engine): Generator<Edge> {
  const { request } = witness;
  const own = routes.length;
  if (own === 0) return;
  const [path = '/', query] = request.path.split('?');
  const tail = query === undefined ? '' : `?${query}`;
  const at = (other: string) => ({ ...witness, request: { ...request, path: other + tail } });
  for (const end of ['x', '/', '/x']) yield { ...at(path + end), why: `path ${path}${end}`, property: 'longer path' };
  if (path.length > 1) yield { ...at(path.slice(0, -1)), why: `path ${path.slice(0, -1)}`, property: 'shorter path' };

  const headers = { ...request.headers };
  for (const [name, value] of Object.entries(headers)) {
    const { [name]: _, ...rest } = headers;
    yield { ...witness, request: { ...request, headers: rest }, why: `without header ${name}`, property: `no ${name}` };
    yield {
      ...witness,
      request: { ...request, headers: { ...rest, [name]: `${[value].flat().join(',')}x` } },
      why: `other header ${name}`,
      property: `header ${name}`,
    };
  }
  if (query !== undefined)
    for (const part of query.split('&')) {
      const rest = query.split('&').filter((p) => p !== part);
      yield {
        ...witness,
        request: { ...request, path: path + (rest.length > 0 ? `?${rest.join('&')}` : '') },
        why: `without query ${part.split('=')[0]}`,
        property: `query ${part}`,
      };
    }
  const methods = otherMethods(routes, engine);
  for (const method of methods)
    if (method !== request.method)
      yield { ...witness, request: { ...request, method }, why: `method ${method}`, property: 'method' };
}

const known = new WeakMap<readonly Route[], readonly string[]>();

/** One method of each class that the routes tell apart. */
function otherMethods(routes: readonly Route[], engine: Engine): readonly string[] {
  let methods = known.get(routes);
  if (!methods) {
    const key: DimensionKey = 'method';
    const tests = routes
      .flatMap((r) => atomsOf(r.match, engine))
      .filter((a) => a.dimension === key)
      .map((a) => a.test);
    methods =
      tests.length === 0
        ? []
        : buildDimension(key, tests, {}).classes.flatMap((c) => (c.value === null ? [] : [c.value]));
    known.set(routes, methods);
  }
  return methods;
}
