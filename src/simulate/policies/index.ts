// What runs before routing: rate limits, token checks and authorization, in Envoy's order. Absent policies let everything
// pass. Rate limits depend on what came before: a decision names them and goes on as if the bucket were full.

import {
  type HttpPolicies,
  isPatched,
  type L4Policies,
  type Origin,
  type RateLimit,
  type RequestPlace,
  type TokenOutcome,
} from '../../model/index.js';
import type { DecisionContext, HeaderEdit } from '../decision.js';
import { happens } from '../decision-state.js';
import type { RequestView } from '../request-view.js';
import { authorize, firstMatch, type Refused, refusalText } from './authorize.js';
import { type CompiledAuthorization, compileAuthorization, type PolicySubject } from './compile.js';

export interface Refusal {
  readonly status: number;
  readonly body: string;
  readonly headers?: readonly HeaderEdit[];
  readonly flags?: string;
  /** For a person: `AuthorizationPolicy default/deny-all (rule 1) denies it`. */
  readonly detail: string;
  /** The policy, and the rule of it, that decided. */
  readonly origin?: Origin;
}

const compiled = new WeakMap<HttpPolicies | L4Policies, CompiledAuthorization>();

export function compiledOf(policies: HttpPolicies | L4Policies): CompiledAuthorization {
  let ready = compiled.get(policies);
  if (!ready) compiled.set(policies, (ready = compileAuthorization(policies.authorization)));
  return ready;
}

/** For a person: what Envoy answers, and what the files show of the cause. */
export const tokenRefusalText = ({ body, why }: NonNullable<TokenOutcome['refusal']>): string =>
  `the token is refused: ${body}${why === undefined ? '' : ` (${why})`}`;

/** Longer paths are cut in the realm (filter.cc, MaximumUriLength). */
const MAX_REALM_PATH = 256;

/** A token that is not valid; `view`: the request as it came. Envoy's jwt_authn/filter.cc, onComplete. */
export function refuseToken(token: TokenOutcome | undefined, view: RequestView): Refusal | undefined {
  const refusal = token?.refusal;
  if (!refusal) return undefined;
  const realm = `${view.scheme}://${view.authority}${view.forward.slice(0, MAX_REALM_PATH)}`;
  return {
    status: refusal.status,
    body: refusal.body,
    headers: [{ op: 'set', name: 'www-authenticate', value: `Bearer realm="${realm}", error="invalid_token"` }],
    detail: tokenRefusalText(refusal),
    ...(refusal.origin ? { origin: refusal.origin } : {}),
  };
}

/** Policies before the token checks; `view`: the request as it came. */
export function refuseFirst(policies: HttpPolicies, view: RequestView): Refusal | undefined {
  if (!policies.authorization[0]?.first) return undefined;
  const denied = firstMatch(
    compiledOf(policies).deny.filter(({ policy }) => policy.first),
    subjectOf(view),
  );
  return denied && forbidden(denied);
}

/** Envoy's RBAC filters; `view`: the request after its tokens were checked. */
export function refuseRequest(policies: HttpPolicies, view: RequestView): Refusal | undefined {
  if (policies.authorization.length === 0) return undefined;
  const refused = authorize(compiledOf(policies), subjectOf(view));
  return refused && forbidden(refused);
}

const forbidden = (refused: Refused): Refusal => ({
  status: 403,
  body: 'RBAC: access denied',
  detail: refusalText(refused),
  origin: (refused.rule ?? refused.policy).origin,
});

/** How a connection is opened. */
export interface ConnectionSubject {
  readonly source: string;
  readonly port: number;
  readonly sni: string;
}

/** Envoy's RBAC network filter: the policy that hangs up; undefined: it goes on. */
export function refuseConnection(policies: L4Policies, connection: ConnectionSubject) {
  const refused = authorize(compiledOf(policies), { ...connection, headerValues: () => [] });
  return refused && { detail: refusalText(refused), origin: (refused.rule ?? refused.policy).origin };
}

export function subjectOf(view: RequestView): PolicySubject {
  const { request } = view;
  return {
    path: view.path,
    headerValues(name) {
      const value = view.header(name);
      if (value === undefined) return [];
      const lines = view.lines(name);
      return lines.length > 1 && !view.joins(name) ? lines : [value];
    },
    claims: view.claims,
    source: view.source,
    port: request.port,
    sni: request.scheme === 'https' ? (request.sni === undefined ? view.host : (request.sni ?? '')) : '',
  };
}

/** Envoy's local_ratelimit filters of one place (source/extensions/filters/http/local_ratelimit/local_ratelimit.cc). */
export function limitRate(
  policies: HttpPolicies,
  place: RateLimit['place'],
  context: DecisionContext,
  on: RequestPlace,
): Refusal | undefined {
  if (!policies.rateLimits || !context.takeToken) return undefined;
  for (const limit of limitsOn(policies, on)) {
    if (limit.place !== place || !happens(limit.enabledPercent, context)) continue;
    if (context.takeToken(limit) || !happens(limit.enforcedPercent, context)) continue;
    return {
      status: limit.status,
      body: 'local_rate_limited',
      headers: limit.responseHeaders.map(([name, value]) => ({ op: 'set', name, value })),
      flags: 'RL',
      detail: `the bucket is empty: ${rateLimitText(limit)}`,
      origin: limit.origin,
    };
  }
  return undefined;
}

/** The limits that count a request: those of its route, else of its virtual host, else of the gateway. */
export function limitsOn(policies: HttpPolicies, place: RequestPlace): readonly RateLimit[] {
  const { rateLimits = [] } = policies;
  const of = (level: 'route' | 'virtual-host') =>
    rateLimits.findLast(({ on }) => on?.level === level && isPatched(on, place));
  const own = of('route') ?? of('virtual-host');
  return own ? [own] : rateLimits.filter(({ on }) => on === undefined);
}

/** What a rate limit does, for a person. */
export const rateLimitText = (limit: RateLimit): string => {
  const { resource } = limit.origin;
  const rate = `${limit.maxTokens} requests, ${limit.tokensPerFill} more every ${limit.fillIntervalMs / 1000} s`;
  return `rate limit of ${resource.kind} ${resource.namespace}/${resource.name}: ${rate}, else ${limit.status}`;
};
