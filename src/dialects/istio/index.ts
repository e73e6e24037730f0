// The dialect of Istio: Gateway, VirtualService, DestinationRule, ServiceEntry, and Ingress of class istio.

import type { Dialect } from '../dialect.js';
import { accounts } from './accounts.js';
import { embedded } from './embedded.js';
import { feeds } from './feeds.js';
import { leaves } from './leaves.js';
import { meshAssumptions } from './mesh-assumptions.js';
import { gatewayObject, parents } from './parents.js';
import { profile } from './profile.js';
import { read } from './read.js';
import { write } from './write.js';

export const dialect: Dialect = {
  name: 'istio',
  profile,
  read,
  assumptions: meshAssumptions,
  write,
  accounts,
  closed: () => ({ kind: 'direct-response', status: 403 }),
  feeds,
  leaves,
  parents,
  embedded,
  gatewayObject,
};
