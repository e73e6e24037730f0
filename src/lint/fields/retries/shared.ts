// Timeouts and retries that do not go together: the timeout of a route is for all tries (RouteAction.timeout and RetryPolicy.per_try_timeout,
// api/envoy/config/route/v3/route_components.proto), which failures a policy retries (RetryStateImpl::wouldRetryFromReset in
// source/common/router/retry_state_impl.cc of Envoy 1.40), and Istio's default policy (pilot/pkg/networking/core/route/retry/retry.go).

import { httpRule } from '../../examples.js';

const TO_SHOP = 'route:\n- destination: {host: shop}';

export const retried = (retries: string, more = '') => httpRule(`${TO_SHOP}\n${more}retries: {${retries}}`);
