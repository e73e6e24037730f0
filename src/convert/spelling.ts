// One spelling for what two dialects spell differently, so that equal rules are seen to be equal.

import {
  type EffectiveGateway,
  type HeaderOps,
  mapRoutes,
  plainRedirect,
  plainTemplate,
  type Route,
} from '../model/index.js';

/** The same gateways; rules that mean the same are more often the same text. */
export const inOneSpelling = (gateways: readonly EffectiveGateway[]): EffectiveGateway[] =>
  gateways.map((gateway) => {
    let known = spelled.get(gateway);
    if (!known) spelled.set(gateway, (known = mapRoutes(gateway, (routes) => routes.map(plain))));
    return known;
  });

/** One comparison after another asks for the same, and what is known of a route is known by the route itself. */
const spelled = new WeakMap<EffectiveGateway, EffectiveGateway>();

const plain = (route: Route): Route => plainOrigins(plainHeaders(plainRewrite(plainAnswer(plainRedirect(route)))));

/**
 * A redirect to a whole Location is an answer with that header, and a rule whose only destination is an invalid reference is an
 * answer with its status: no client sees a difference, and each dialect has one of the two spellings.
 */
function plainAnswer(route: Route): Route {
  const { action } = route;
  // Envoy writes the Location of a redirect before it changes headers (sendLocalReply in source/common/router/router.cc).
  if (action.kind === 'redirect' && route.responseHeaders?.set?.some(([name]) => name === 'location'))
    return { ...route, action: { kind: 'direct-response', status: action.status } };
  if (action.kind === 'redirect' && action.location !== undefined) {
    const { responseHeaders } = route;
    return {
      ...route,
      action: { kind: 'direct-response', status: action.status },
      responseHeaders: { ...responseHeaders, set: [...(responseHeaders?.set ?? []), ['location', action.location]] },
    };
  }
  if (action.kind === 'direct-response' && action.defaultBackend) {
    const { defaultBackend: _, ...answer } = action;
    return { ...route, action: answer };
  }
  const only = action.kind === 'forward' && action.destinations.length === 1 ? action.destinations[0]?.to : undefined;
  if (only && 'status' in only) return { ...route, action: { kind: 'direct-response', status: only.status } };
  return route;
}

/** The writer's regex for "any path whatever". */
const ANY_PATH = '^(?s:.*)$';

function plainRewrite(route: Route): Route {
  const { action } = route;
  if (action.kind !== 'forward' || action.rewrite?.path?.kind !== 'regex') return route;
  const { pattern, substitution } = action.rewrite.path;
  if (pattern !== ANY_PATH || substitution.includes('\\')) return route;
  const path = { kind: 'full', to: plainTemplate(substitution) } as const;
  return { ...route, action: { ...action, rewrite: { ...action.rewrite, path } } };
}

/** Of two values for one header the last one counts; different headers may change places unless one value reads another. */
function plainHeaders(route: Route): Route {
  const plain = (ops: HeaderOps): HeaderOps => {
    if (!ops.set) return ops;
    const last = [...new Map(ops.set)];
    const reads = last.some(([, value]) => last.some(([name]) => value.toLowerCase().includes(`(${name})`)));
    return { ...ops, set: reads ? ops.set : last.sort(([a], [b]) => (a < b ? -1 : 1)) };
  };
  const { requestHeaders, responseHeaders } = route;
  return {
    ...route,
    ...(requestHeaders ? { requestHeaders: plain(requestHeaders) } : {}),
    ...(responseHeaders ? { responseHeaders: plain(responseHeaders) } : {}),
  };
}

/** A pattern has to match the whole Origin: `^` before it and `$` behind it say nothing. */
function plainOrigins(route: Route): Route {
  const { cors } = route;
  if (!cors) return route;
  const allowOrigins = cors.allowOrigins.map((origin) =>
    origin.kind === 'regex'
      ? { ...origin, pattern: origin.pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '') }
      : origin,
  );
  return { ...route, cors: { ...cors, allowOrigins } };
}
