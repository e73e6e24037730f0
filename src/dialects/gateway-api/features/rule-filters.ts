// The filters of a rule, each at its place. A type that Istio does not know costs the whole route
// (the `default` of the switch in convertHTTPRoute, pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import type { HeaderOps, Json, JsonObject, Mirror, Origin, Route } from '../../../model/index.js';
import { at } from '../../../resources/fields.js';
import { has, listAt, objectAt, stringAt } from '../fields.js';
import { GRPC_ROUTE } from '../kinds.js';
import type { BackendContext } from './backend.js';
import type { ConfigError } from './config-error.js';
import { corsPolicy } from './cors.js';
import { headerChange } from './header-modifier.js';
import { mirrorOf } from './mirror.js';

export interface RuleFilters {
  readonly changes: Pick<Route, 'requestHeaders' | 'responseHeaders' | 'cors'>;
  /** Host for the destination, from a header modifier that sets `Host`. */
  readonly host?: string;
  readonly redirect?: JsonObject;
  readonly rewrite?: { readonly filter: JsonObject; readonly origin: Origin };
  readonly mirrors: readonly Mirror[];
  /** A mirror that cannot be used. */
  readonly error?: ConfigError;
}

const HTTP_ONLY = ['RequestRedirect', 'URLRewrite', 'CORS'];

export function ruleFilters(rule: Json, origin: Origin, context: BackendContext): RuleFilters | ConfigError {
  let found: RuleFilters = { changes: {}, mirrors: [] };
  const change = (more: RuleFilters['changes']) => {
    found = { ...found, changes: { ...found.changes, ...more } };
  };
  for (const [i, filter] of listAt(rule, 'filters').entries()) {
    const place = at(origin, 'filters', i);
    const type = stringAt(filter, 'type') ?? '';
    const grpc = context.routeKind === GRPC_ROUTE;
    switch (grpc && HTTP_ONLY.includes(type) ? '' : type) {
      case 'RequestHeaderModifier':
      case 'ResponseHeaderModifier': {
        const request = type === 'RequestHeaderModifier';
        const key = request ? 'requestHeaderModifier' : 'responseHeaderModifier';
        const result = headerChange(objectAt(filter, key), place);
        if ('reason' in result) return result;
        if (result.ops) change(headerField(request, result.ops));
        if (request && result.host !== undefined) found = { ...found, host: result.host };
        break;
      }
      case 'RequestRedirect':
        if (has(filter, 'requestRedirect')) found = { ...found, redirect: objectAt(filter, 'requestRedirect') };
        break;
      case 'URLRewrite':
        found = { ...found, rewrite: { filter: objectAt(filter, 'urlRewrite'), origin: place } };
        break;
      case 'CORS':
        change({ cors: corsPolicy(objectAt(filter, 'cors'), place) });
        break;
      case 'RequestMirror': {
        const { mirror, error } = mirrorOf(objectAt(filter, 'requestMirror'), place, context);
        if (error && grpc) return error;
        if (error) found = { ...found, error };
        if (mirror) found = { ...found, mirrors: [...found.mirrors, mirror] };
        break;
      }
      default:
        return { reason: 'InvalidFilter', message: `a filter of type "${type}" is not supported`, origin: place };
    }
  }
  return found;
}

const headerField = (request: boolean, ops: HeaderOps): RuleFilters['changes'] =>
  request ? { requestHeaders: ops } : { responseHeaders: ops };
