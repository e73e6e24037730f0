// What else decides about a request and is not in it: buckets of rate limits, circuit breakers, what routes name. A
// result lists them; the decision goes on as if each let the request pass.

import type { Delivery } from '../model/index.js';
import type { Answer, Forwarded } from './decision.js';
import { limitsOn, rateLimitText } from './policies/index.js';

export function conditionsOf(decision: Answer | Forwarded): readonly string[] {
  const { chain, route } = decision;
  const action = route?.action;
  return [
    ...(chain.policies ? limitsOn(chain.policies, { ...decision, port: decision.listener.port }) : []).map(
      rateLimitText,
    ),
    ...(route?.conditions ?? []).map((c) => c.summary),
    ...(decision.kind === 'forward' && action?.kind === 'forward' ? breakers(action.delivery) : []),
  ];
}

/** Circuit breakers and outlier detection of a DestinationRule: Envoy answers 503 with the flag UO, or UH. */
function breakers(delivery: Delivery | undefined): string[] {
  const { limits, ejection } = delivery ?? {};
  const parts = [
    limits?.maxConnections === undefined ? '' : `${limits.maxConnections} connections`,
    limits?.maxPending === undefined ? '' : `${limits.maxPending} waiting requests`,
    limits?.maxRequests === undefined ? '' : `${limits.maxRequests} concurrent requests`,
  ].filter((part) => part !== '');
  const errors = ejection?.consecutive5xx ?? ejection?.consecutiveGatewayErrors;
  return [
    ...(parts.length > 0 ? [`circuit breaker: at most ${parts.join(', ')}, else 503`] : []),
    ...(ejection
      ? [
          `outlier detection: an endpoint is ejected for ${ejection.baseMs / 1000} s after ${errors ?? 5} errors in a row`,
        ]
      : []),
  ];
}
