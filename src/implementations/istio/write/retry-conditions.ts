// When a request is tried again: the conditions of nginx's proxy_next_upstream in Envoy's words (retryOn).

import { table } from '../../../model/index.js';

/** ingress-nginx's `error timeout` with three tries is as near to Istio's default as two engines get. */
export const isNginxDefault = (r: { readonly attempts: number; readonly on?: string }): boolean =>
  r.attempts === 2 && r.on === 'error timeout';

/**
 * nginx sends a request that is not idempotent to a second destination only while nothing of it was sent to the first
 * (http://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream): not `reset`, which would repeat a POST.
 */
const CONDITIONS = table<readonly string[]>({
  error: ['connect-failure', 'refused-stream', 'reset-before-request'],
  timeout: ['connect-failure'],
  invalid_header: ['reset-before-request'],
  non_idempotent: ['reset'],
});

/** Conditions of nginx as Envoy's; Envoy's own pass through. */
export function retryOn(on: string): string {
  if (on.includes(',') || !/\b(error|timeout|http_\d+|invalid_header|non_idempotent)\b/.test(on)) return on;
  const conditions = on.split(/\s+/).flatMap((c) => CONDITIONS.get(c) ?? (/^http_(\d+)$/.exec(c)?.[1] || []));
  return [...new Set(conditions)].join(',');
}
