// The filters of a rule, each at its place. A type that Istio does not know costs the whole route
// (the `default` of the switch in convertHTTPRoute, pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import { type Json, type JsonObject, type Mirror, type Origin, type Route, table } from '../../../model/index.js';
import { at } from '../../../resources/fields.js';
import { has, listAt, objectAt, stringAt } from '../fields.js';
import { GRPC_ROUTE } from '../kinds.js';
import type { ConfigError } from './config-error.js';
import { corsPolicy } from './cors.js';
import { headerChange } from './header-modifier.js';
import { mirrorOf } from './mirror.js';
import type { BackendContext, ExtensionFilter } from './own-kinds.js';

export interface RuleFilters {
  readonly changes: Pick<Route, 'requestHeaders' | 'responseHeaders' | 'cors'>;
  /** Host for the destination, from a header modifier that sets `Host`. */
  readonly host?: string;
  readonly redirect?: JsonObject;
  readonly rewrite?: { readonly filter: JsonObject; readonly origin: Origin };
  readonly mirrors: readonly Mirror[];
  /** Of filters that are objects of their own. */
  readonly extension?: ExtensionFilter;
  /** A mirror that cannot be used. */
  readonly error?: ConfigError;
}

/** What one filter adds. */
type Found = Partial<RuleFilters>;

/** `place`: of the filter. */
type Reader = (filter: Json, place: Origin, context: BackendContext) => Found | ConfigError;

const headerModifier =
  (key: 'requestHeaderModifier' | 'responseHeaderModifier'): Reader =>
  (filter, place, { implementation }) => {
    const result = headerChange(objectAt(filter, key), place);
    if ('reason' in result) return result;
    if (result.host !== undefined && implementation.hostHeader === 'invalid')
      return { reason: 'InvalidFilter', message: 'the Host header is not changed by a header modifier', origin: place };
    const { ops, host } = result;
    if (key === 'responseHeaderModifier') return ops ? { changes: { responseHeaders: ops } } : {};
    return { ...(ops && { changes: { requestHeaders: ops } }), ...(host !== undefined && { host }) };
  };

/** By the type of a filter. */
const READERS = table<Reader>({
  RequestHeaderModifier: headerModifier('requestHeaderModifier'),
  ResponseHeaderModifier: headerModifier('responseHeaderModifier'),
  RequestRedirect: (filter) =>
    has(filter, 'requestRedirect') ? { redirect: objectAt(filter, 'requestRedirect') } : {},
  URLRewrite: (filter, origin) => ({ rewrite: { filter: objectAt(filter, 'urlRewrite'), origin } }),
  CORS: (filter, place, { implementation }) => ({
    changes: { cors: (implementation.cors ?? corsPolicy)(objectAt(filter, 'cors'), place) },
  }),
  ExtensionRef: (filter, place, context) => {
    const found = context.implementation.extensionFilter?.(objectAt(filter, 'extensionRef'), place, context);
    if (!found) {
      const message = 'a filter of type "ExtensionRef" is not supported';
      return { reason: 'InvalidFilter', message, origin: place, isExtension: true };
    }
    return 'reason' in found ? found : { extension: found };
  },
  RequestMirror: (filter, place, context) => {
    const { mirror, error } = mirrorOf(objectAt(filter, 'requestMirror'), place, context);
    if (error && (context.routeKind === GRPC_ROUTE || context.implementation.invalidMirror === 'rule')) return error;
    return { ...(error && { error }), ...(mirror && { mirrors: [mirror] }) };
  },
});

/** GRPCRoutes have no such filters. */
const HTTP_ONLY = ['RequestRedirect', 'URLRewrite', 'CORS'];

export function ruleFilters(rule: Json, origin: Origin, context: BackendContext): RuleFilters | ConfigError {
  let found: RuleFilters = { changes: {}, mirrors: [] };
  for (const [i, filter] of listAt(rule, 'filters').entries()) {
    const place = at(origin, 'filters', i);
    const type = stringAt(filter, 'type') ?? '';
    const read = context.routeKind === GRPC_ROUTE && HTTP_ONLY.includes(type) ? undefined : READERS.get(type);
    if (!read)
      return { reason: 'InvalidFilter', message: `a filter of type "${type}" is not supported`, origin: place };
    const more = read(filter, place, context);
    if ('reason' in more) return more;
    found = withFound(found, more);
    if (found.extension?.answer) break;
  }
  return found;
}

/** Of two filters of a kind the later counts; mirrors are a list. */
const withFound = (found: RuleFilters, more: Found): RuleFilters => ({
  ...found,
  ...more,
  changes: { ...found.changes, ...more.changes },
  mirrors: [...found.mirrors, ...(more.mirrors ?? [])],
  ...(found.extension || more.extension ? { extension: { ...found.extension, ...more.extension } } : {}),
});
