// What Envoy does by itself where no field of its configuration says otherwise, and a control plane sets otherwise.

import type { Route } from '../../model/index.js';
import type { Leaving } from '../leaving.js';

/** Times to connect and circuit breakers are not all set (config.cluster.v3.Cluster: connect_timeout, CircuitBreakers.Thresholds). */
const leavesDefaults = ({ action }: Route): boolean =>
  action.kind === 'forward' &&
  (action.delivery?.connectTimeoutMs === undefined || action.delivery.limits === undefined);

const DEFAULTS =
  'where a cluster sets nothing else, Envoy waits 5 s for a connection, allows 1,024 connections and 1,024 requests, and balances round robin';

export const leaving: Leaving = {
  engine: [
    {
      feature: 'engine.delivery-defaults',
      ofEnvoy: true,
      applies: (routes) => routes.some(leavesDefaults),
      message: `${DEFAULTS}; Istio sets other values (10 s, no limit, least requests)`,
      elsewhere: `${DEFAULTS}; an implementation of the Gateway API sets its own`,
    },
  ],
};
