// Gateway API: GatewayClass, Gateway, HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, ReferenceGrant, BackendTLSPolicy.

import type { Dialect } from '../dialect.js';
import { accounts } from './accounts.js';
import { channelAssumptions } from './channel.js';
import { addressPool } from './features/address-pool.js';
import { feeds } from './feeds.js';
import { implementationOf } from './implementations/index.js';
import { gatewayObject, parents } from './parents.js';
import { profile } from './profile.js';
import { read } from './read.js';
import { specificationDifferences } from './spec-differences.js';
import { computeStatus } from './status/index.js';
import { write } from './write.js';

export { SPEC_DIFFERENCES, type SpecDifference } from './features/semantics.js';

export { type FoundDifference, specDifferences } from './spec-differences.js';

export const dialect: Dialect = {
  name: 'gateway-api',
  profile,
  read,
  write,
  accounts,
  // A rule without backends: the only answer that a gateway gives by itself (HTTPRouteRule.backendRefs).
  closed: () => ({ kind: 'direct-response', status: 500 }),
  feeds,
  statuses(catalog, { implementation, flags }) {
    const ranges = flags?.['gateway-addresses'];
    const pool = ranges === undefined ? undefined : addressPool(ranges);
    return computeStatus({ catalog, pool }, implementationOf(implementation));
  },
  specificationDifferences,
  assumptions: channelAssumptions,
  parents,
  gatewayObject,
};
