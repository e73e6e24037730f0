// The dialect of Istio: Gateway, VirtualService, DestinationRule, ServiceEntry, and Ingress of class istio.

import type { Dialect } from '../dialect.js';
import { accounts } from './accounts.js';
import { feeds } from './feeds.js';
import { leaves } from './leaves.js';
import { reader } from './reader.js';
import { write } from './write.js';

export const dialect: Dialect = {
  ...reader,
  write,
  accounts,
  closed: () => ({ kind: 'direct-response', status: 403 }),
  feeds,
  leaves,
};
