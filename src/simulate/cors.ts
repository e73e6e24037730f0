// Envoy's CORS filter: which preflights it answers, and what it adds to responses
// (source/extensions/filters/http/cors/cors_filter.cc, decodeHeaders and encodeHeaders).

import type { CorsPolicy } from '../model/index.js';
import type { HeaderEdit } from './decision.js';
import { compileStringMatcher, type StringTest } from './match-string.js';
import type { RequestView } from './request-view.js';

export interface CompiledCors {
  readonly policy: CorsPolicy;
  readonly origins: readonly StringTest[];
}

export const compileCors = (policy: CorsPolicy): CompiledCors => {
  const origins = policy.allowOrigins.map(compileStringMatcher);
  // A matcher that takes the literal `*` takes every origin (cors_filter.cc, isOriginAllowed).
  return { policy, origins: origins.some((test) => test('*')) ? [() => true] : origins };
};

export interface CorsOutcome {
  /** The gateway answers the preflight with 200 and `headers`. */
  readonly preflight: boolean;
  /** What the response gets. */
  readonly headers: readonly HeaderEdit[];
}

const NOTHING: CorsOutcome = { preflight: false, headers: [] };
const set = (name: string, value: string): HeaderEdit => ({ op: 'set', name, value });

export function applyCors({ policy, origins }: CompiledCors, view: RequestView): CorsOutcome {
  const origin = view.header('origin');
  if (!origin) return NOTHING;
  const allowed = origins.some((test) => test(origin));
  const requested = view.method === 'OPTIONS' ? view.header('access-control-request-method') : undefined;
  const preflight = !!requested && (allowed || policy.unmatchedPreflights === 'ignore');

  const headers: HeaderEdit[] = [];
  if (allowed) headers.push(set('access-control-allow-origin', origin));
  if (policy.allowCredentials && (allowed || preflight)) headers.push(set('access-control-allow-credentials', 'true'));
  if (preflight) {
    const echo = (value: string, header: string) => (value === '*' ? (view.header(header) ?? '') : value);
    if (policy.allowMethods)
      headers.push(set('access-control-allow-methods', echo(policy.allowMethods, 'access-control-request-method')));
    if (policy.allowHeaders)
      headers.push(set('access-control-allow-headers', echo(policy.allowHeaders, 'access-control-request-headers')));
    if (policy.maxAge) headers.push(set('access-control-max-age', policy.maxAge));
  }
  if (allowed && policy.exposeHeaders) headers.push(set('access-control-expose-headers', policy.exposeHeaders));
  return { preflight, headers };
}
