// What GatewayClass, Gateway, HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, ReferenceGrant and BackendTLSPolicy mean.

import type { Reader } from '../dialect.js';
import { channelAssumptions } from './channel.js';
import { addressPool } from './features/address-pool.js';
import { implementationOf } from './implementations/index.js';
import { gatewayObject, parents } from './parents.js';
import { profile } from './profile.js';
import { read } from './read.js';
import { specificationDifferences } from './spec-differences.js';
import { computeStatus } from './status/index.js';

export const reader: Reader = {
  name: 'gateway-api',
  profile,
  read,
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
