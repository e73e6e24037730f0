// One match of a GRPCRoute rule: `/<service>/<method>` of the path, and headers
// (createGRPCURIMatch in pilot/pkg/config/kube/gateway/conversion.go, 2026-08-22).

import { type Json, originOf, type Resource, type StringMatcher } from '../../../model/index.js';
import { has, objectAt, stringAt } from '../fields.js';
import type { ConfigError } from './config-error.js';
import { headerMatchers, type RankedMatch } from './http-match.js';

export function grpcMatch(route: Resource, rule: number, index: number, written: Json): RankedMatch | ConfigError {
  const origin = originOf(route, 'spec', 'rules', rule, 'matches', index);
  const headers = headerMatchers(written, origin);
  const exactHeaders = headers.filter(({ value }) => value.kind === 'exact').length;
  const counts = { method: false, headers: headers.length, query: 0, exactHeaders, exactQuery: 0 };
  if (!has(written, 'method')) {
    return { match: { headers, query: [] }, rank: { type: 'none', length: 0, ...counts }, origin };
  }
  const method = objectAt(written, 'method');
  const path = pathOf(stringAt(method, 'type') ?? 'Exact', stringAt(method, 'service'), stringAt(method, 'method'));
  if (path === undefined) {
    return { reason: 'InvalidConfiguration', message: 'a method match names a service, a method or both', origin };
  }
  return {
    match: { path: path.matcher, headers, query: [] },
    rank: { type: path.type, length: path.length, ...counts },
    origin,
  };
}

function pathOf(type: string, service: string | undefined, method: string | undefined) {
  const regex = (pattern: string) => ({
    type: 'regex' as const,
    length: pattern.length,
    matcher: { kind: 'regex', pattern } satisfies StringMatcher,
  });
  if (service === undefined) return method === undefined ? undefined : regex(`/[^/]+/${method}`);
  if (type === 'RegularExpression') return regex(method === undefined ? `/${service}/.+` : `/${service}/${method}`);
  if (method === undefined) {
    const matcher: StringMatcher = { kind: 'segment-prefix', value: `/${service}` };
    return { type: 'prefix' as const, length: service.length + 2, matcher };
  }
  const value = `/${service}/${method}`;
  return { type: 'exact' as const, length: value.length, matcher: { kind: 'exact', value } satisfies StringMatcher };
}
